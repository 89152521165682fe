import { describe, expect, test } from "@jest/globals";
import type { Environment } from "./config.js";
import { refusalOf } from "./refusal-of.fixture.js";

const tls = { ROLLCALL_TLS_CERTIFICATE_FILE: "server.crt", ROLLCALL_TLS_KEY_FILE: "server.key" };
const mutualTls = { ...tls, ROLLCALL_TLS_CLIENT_CA_FILE: "ca.crt" };
const anywhere = { ROLLCALL_GRPC_ADDRESS: "0.0.0.0:50051" };
const external = {
  ROLLCALL_EXTERNAL_JWKS_URL: "https://id.example/keys",
  ROLLCALL_EXTERNAL_ISSUER: "https://id.example",
  ROLLCALL_EXTERNAL_AUDIENCE: "users",
};

describe("checkSettings", () => {
  test.each<[string, Environment]>([
    ["TLS on this machine", mutualTls],
    ["roles for the names in clients' certificates", { ...mutualTls, ROLLCALL_TLS_CLIENT_ROLES: "DNS:a.test=reader" }],
    ["TLS for everybody", { ...anywhere, ...tls }],
    ["plaintext for everybody where that is wanted", { ...anywhere, ROLLCALL_ALLOW_PLAINTEXT: "true" }],
    ["no sign-in on this machine", { ROLLCALL_AUTH: "off" }],
    ["no sign-in behind a Unix socket", { ROLLCALL_AUTH: "off", ROLLCALL_GRPC_ADDRESS: "unix:/run/rollcall.sock" }],
    ["another issuer", external],
    ["another issuer on this machine", { ...external, ROLLCALL_EXTERNAL_JWKS_URL: "http://127.0.0.1:8081/keys" }],
    ["one pass over much memory", { ROLLCALL_PASSWORD_PASSES: "1", ROLLCALL_PASSWORD_MEMORY_KIB: "47104" }],
    ["many passes over little memory", { ROLLCALL_PASSWORD_PASSES: "5", ROLLCALL_PASSWORD_MEMORY_KIB: "12288" }],
  ])("takes %s", (_what, environment) => {
    expect(refusalOf(environment)).toBe("accepted");
  });

  test.each<[Environment, string]>([
    [
      { ROLLCALL_TLS_CERTIFICATE_FILE: "server.crt" },
      "ROLLCALL_TLS_CERTIFICATE_FILE needs ROLLCALL_TLS_KEY_FILE, the private key of the certificate",
    ],
    [
      { ROLLCALL_TLS_KEY_FILE: "server.key" },
      "ROLLCALL_TLS_KEY_FILE needs ROLLCALL_TLS_CERTIFICATE_FILE, the certificate of the key",
    ],
    [
      { ROLLCALL_TLS_CLIENT_CA_FILE: "ca.crt" },
      "ROLLCALL_TLS_CLIENT_CA_FILE needs ROLLCALL_TLS_CERTIFICATE_FILE and ROLLCALL_TLS_KEY_FILE: it asks for TLS",
    ],
    [
      { ...tls, ROLLCALL_TLS_CLIENT_ROLES: "DNS:a.test=reader" },
      "ROLLCALL_TLS_CLIENT_ROLES needs ROLLCALL_TLS_CLIENT_CA_FILE, whose certificates have the names",
    ],
    [
      anywhere,
      'ROLLCALL_GRPC_ADDRESS "0.0.0.0:50051" is reached from other machines without TLS; set ROLLCALL_TLS_CERTIFICATE_FILE and ROLLCALL_TLS_KEY_FILE, or ROLLCALL_ALLOW_PLAINTEXT=true',
    ],
    [
      { ...anywhere, ROLLCALL_ALLOW_PLAINTEXT: "true", ROLLCALL_AUTH: "off" },
      'ROLLCALL_GRPC_ADDRESS "0.0.0.0:50051" is reached from other machines, where ROLLCALL_AUTH must not be off; leave it at required',
    ],
    [
      { ...tls, ROLLCALL_GRPC_ADDRESS: "[::]:50051", ROLLCALL_AUTH: "off" },
      'ROLLCALL_GRPC_ADDRESS "[::]:50051" is reached from other machines, where ROLLCALL_AUTH must not be off; leave it at required',
    ],
    [
      { ROLLCALL_EXTERNAL_JWKS_URL: "https://id.example/keys" },
      "ROLLCALL_EXTERNAL_JWKS_URL needs ROLLCALL_EXTERNAL_ISSUER and ROLLCALL_EXTERNAL_AUDIENCE as well",
    ],
    [
      { ROLLCALL_EXTERNAL_ISSUER: "https://id.example", ROLLCALL_EXTERNAL_AUDIENCE: "users" },
      "ROLLCALL_EXTERNAL_ISSUER and ROLLCALL_EXTERNAL_AUDIENCE need ROLLCALL_EXTERNAL_JWKS_URL as well",
    ],
    [
      { ...external, ROLLCALL_EXTERNAL_ISSUER: "rollcall" },
      "ROLLCALL_EXTERNAL_ISSUER must differ from ROLLCALL_TOKEN_ISSUER",
    ],
    [
      { ...external, ROLLCALL_TOKEN_ISSUER: "https://id.example" },
      "ROLLCALL_EXTERNAL_ISSUER must differ from ROLLCALL_TOKEN_ISSUER",
    ],
    [
      { ...external, ROLLCALL_AUTH: "off" },
      "ROLLCALL_EXTERNAL_JWKS_URL has no effect while ROLLCALL_AUTH is off, which makes every caller an administrator",
    ],
    [
      { ...mutualTls, ROLLCALL_TLS_CLIENT_ROLES: "DNS:a.test=reader", ROLLCALL_AUTH: "off" },
      "ROLLCALL_TLS_CLIENT_ROLES has no effect while ROLLCALL_AUTH is off, which makes every caller an administrator",
    ],
    [
      { ROLLCALL_PASSWORD_MEMORY_KIB: "19455" },
      "ROLLCALL_PASSWORD_MEMORY_KIB is 19455; with ROLLCALL_PASSWORD_PASSES=2 it takes 19456 at least",
    ],
    [
      { ROLLCALL_PASSWORD_PASSES: "1" },
      "ROLLCALL_PASSWORD_MEMORY_KIB is 19456; with ROLLCALL_PASSWORD_PASSES=1 it takes 47104 at least",
    ],
  ])("refuses %j", (environment, message) => {
    expect(refusalOf(environment)).toBe(message);
  });
});
