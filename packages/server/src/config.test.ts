import { describe, expect, test } from "@jest/globals";
import { type Environment, parseConfig } from "./config.js";
import { ConfigError } from "./config-error.js";
import { describeConfig, helpText } from "./config-report.js";

const messageOf = (environment: Environment): string => {
  try {
    parseConfig(environment);
    return "accepted";
  } catch (error) {
    return error instanceof ConfigError ? error.message : `unexpected: ${String(error)}`;
  }
};

const tls = { ROLLCALL_TLS_CERTIFICATE_FILE: "server.crt", ROLLCALL_TLS_KEY_FILE: "server.key" };

describe("parseConfig", () => {
  test("has a default for everything", () => {
    expect(parseConfig({})).toEqual({
      grpcAddress: "127.0.0.1:50051",
      webAddress: "127.0.0.1:8080",
      opsAddress: "127.0.0.1:9464",
      auth: "off",
      allowPlaintext: false,
      dataDir: "./.rollcall",
      logLevel: "info",
      shutdownGraceMs: 30_000,
      maxUsersPerCall: 10_000,
    });
  });

  test.each([
    ["ROLLCALL_GRPC_ADDRESS", "[::1]:0", { grpcAddress: "[::1]:0" }],
    ["ROLLCALL_GRPC_ADDRESS", "unix:/run/rollcall.sock", { grpcAddress: "unix:/run/rollcall.sock" }],
    ["ROLLCALL_DATABASE_URL", "postgres://me@localhost/rollcall", { databaseUrl: "postgres://me@localhost/rollcall" }],
    ["ROLLCALL_DATABASE_URL", "postgresql:///rollcall", { databaseUrl: "postgresql:///rollcall" }],
    ["ROLLCALL_DATABASE_URL", "", { dataDir: "./.rollcall" }],
    ["ROLLCALL_LOG_LEVEL", "debug", { logLevel: "debug" }],
    ["ROLLCALL_SHUTDOWN_GRACE_MS", "0", { shutdownGraceMs: 0 }],
    ["ROLLCALL_MAX_USERS_PER_CALL", "25", { maxUsersPerCall: 25 }],
    ["ROLLCALL_ALLOW_PLAINTEXT", "true", { allowPlaintext: true }],
    ["ROLLCALL_TEST_DATABASE_URL", "anything", {}],
    ["ROLLCALL_SOAK", "1", {}],
    ["PATH", "/bin", {}],
  ])("takes %s=%s", (variable, value, expected) => {
    expect(parseConfig({ [variable]: value })).toMatchObject(expected);
  });

  test.each<[Environment, string]>([
    [{ ROLLCALL_GRPC_ADRESS: "x" }, "ROLLCALL_GRPC_ADRESS is not a setting; did you mean ROLLCALL_GRPC_ADDRESS?"],
    [{ ROLLCALL_COLOUR: "red" }, "ROLLCALL_COLOUR is not a setting; rollcall-server --help lists all"],
    [{ ROLLCALL_AUTH: "required" }, 'ROLLCALL_AUTH is "required"; it takes off, until sign-in exists'],
    [
      { ROLLCALL_GRPC_ADDRESS: "50051" },
      'ROLLCALL_GRPC_ADDRESS is "50051"; it takes host:port, such as 127.0.0.1:50051, or unix: and a path',
    ],
    [
      { ROLLCALL_GRPC_ADDRESS: "localhost:65536" },
      'ROLLCALL_GRPC_ADDRESS is "localhost:65536"; it takes a port from 0 to 65535',
    ],
    [
      { ROLLCALL_LOG_LEVEL: "loud" },
      'ROLLCALL_LOG_LEVEL is "loud"; it takes one of fatal, error, warn, info, debug, trace, silent',
    ],
    [
      { ROLLCALL_SHUTDOWN_GRACE_MS: "30s" },
      'ROLLCALL_SHUTDOWN_GRACE_MS is "30s"; it takes a whole number from 0 to 3600000',
    ],
    [
      { ROLLCALL_MAX_USERS_PER_CALL: "0" },
      'ROLLCALL_MAX_USERS_PER_CALL is "0"; it takes a whole number from 1 to 1000000',
    ],
    [{ ROLLCALL_ALLOW_PLAINTEXT: "yes" }, 'ROLLCALL_ALLOW_PLAINTEXT is "yes"; it takes true or false'],
    [
      { ROLLCALL_DATABASE_URL: "mysql://me:secret@host/db" },
      'ROLLCALL_DATABASE_URL is "mysql://me:***@host/db"; it takes a URL that begins with postgres:// or postgresql://',
    ],
    [
      { ROLLCALL_DATABASE_URL: "postgres://me:secret@host:port/db" },
      'ROLLCALL_DATABASE_URL is "***"; it takes a URL that begins with postgres:// or postgresql://',
    ],
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
      { ROLLCALL_GRPC_ADDRESS: "0.0.0.0:50051" },
      'ROLLCALL_GRPC_ADDRESS "0.0.0.0:50051" is reached from other machines without TLS; set ROLLCALL_TLS_CERTIFICATE_FILE and ROLLCALL_TLS_KEY_FILE, or ROLLCALL_ALLOW_PLAINTEXT=true',
    ],
    [
      { ROLLCALL_GRPC_ADDRESS: "0.0.0.0:50051", ROLLCALL_ALLOW_PLAINTEXT: "true" },
      'ROLLCALL_GRPC_ADDRESS "0.0.0.0:50051" is reached from other machines, where ROLLCALL_AUTH must not be off; listen on 127.0.0.1 until sign-in exists',
    ],
    [
      { ROLLCALL_GRPC_ADDRESS: "[::]:50051", ...tls },
      'ROLLCALL_GRPC_ADDRESS "[::]:50051" is reached from other machines, where ROLLCALL_AUTH must not be off; listen on 127.0.0.1 until sign-in exists',
    ],
  ])("refuses %j", (environment, message) => {
    expect(messageOf(environment)).toBe(message);
  });

  test("takes TLS on this machine", () => {
    expect(messageOf({ ...tls, ROLLCALL_TLS_CLIENT_CA_FILE: "ca.crt" })).toBe("accepted");
  });
});

describe("describeConfig", () => {
  test("shows what is in force, without secrets", () => {
    const url = "postgres://me:s3cret-1@host/db?sslpassword=s3cret-2&password=s3cret-3";
    const text = describeConfig(parseConfig({ ROLLCALL_DATABASE_URL: url, ROLLCALL_LOG_LEVEL: "warn" }));
    expect(text).toContain("ROLLCALL_DATABASE_URL=postgres://me:***@host/db?");
    expect(text).toContain("ROLLCALL_LOG_LEVEL=warn\n");
    expect(text).toContain("ROLLCALL_GRPC_ADDRESS=127.0.0.1:50051\n");
    expect(text).not.toContain("s3cret");
  });
});

describe("helpText", () => {
  test("lists every setting with its default", () => {
    expect(helpText()).toContain("ROLLCALL_GRPC_ADDRESS");
    expect(helpText()).toMatch(/ROLLCALL_SHUTDOWN_GRACE_MS +how long .* \(30000\)/);
  });
});
