import { describe, expect, test } from "@jest/globals";
import { type Environment, parseConfig } from "./config.js";
import { refusalOf } from "./refusal-of.fixture.js";

const keyUrlRule =
  "it takes a URL that begins with https://, or with http:// and the name of this machine, without a password";
const rolesRule =
  "it takes names and their roles, such as URI:spiffe://example.test/backup=reader;DNS:console.test=admin";

describe("parseConfig", () => {
  test("has a default for everything, and is closed by default", () => {
    expect(parseConfig({})).toEqual({
      grpcAddress: "127.0.0.1:50051",
      webAddress: "127.0.0.1:8080",
      opsAddress: "127.0.0.1:9464",
      auth: "required",
      trustedProxies: [],
      registration: "closed",
      adminEmail: "admin@rollcall.local",
      allowPlaintext: false,
      dataDir: "./.rollcall",
      accessTokenMs: 600_000,
      tokenIssuer: "rollcall",
      tokenAudience: "rollcall",
      externalRolesClaim: "roles",
      passwordMemoryKib: 19_456,
      passwordPasses: 2,
      logLevel: "info",
      tlsClientRoles: "",
      shutdownGraceMs: 30_000,
      maxUsersPerCall: 10_000,
    });
  });

  test.each([
    ["ROLLCALL_GRPC_ADDRESS", "[::1]:0", { grpcAddress: "[::1]:0" }],
    ["ROLLCALL_GRPC_ADDRESS", "unix:/run/rollcall.sock", { grpcAddress: "unix:/run/rollcall.sock" }],
    ["ROLLCALL_AUTH", "required", { auth: "required" }],
    ["ROLLCALL_AUTH", "off", { auth: "off" }],
    ["ROLLCALL_TRUSTED_PROXIES", "10.0.0.0/8, ::1", { trustedProxies: ["10.0.0.0/8", "::1"] }],
    ["ROLLCALL_REGISTRATION", "open", { registration: "open" }],
    ["ROLLCALL_ADMIN_EMAIL", "ada@example.com", { adminEmail: "ada@example.com" }],
    ["ROLLCALL_ADMIN_PASSWORD_FILE", "/run/secrets/admin", { adminPasswordFile: "/run/secrets/admin" }],
    ["ROLLCALL_DATABASE_URL", "postgres://me@localhost/rollcall", { databaseUrl: "postgres://me@localhost/rollcall" }],
    ["ROLLCALL_DATABASE_URL", "postgresql:///rollcall", { databaseUrl: "postgresql:///rollcall" }],
    ["ROLLCALL_DATABASE_URL", "", { dataDir: "./.rollcall" }],
    ["ROLLCALL_ACCESS_TOKEN_MS", "60000", { accessTokenMs: 60_000 }],
    ["ROLLCALL_ACCESS_TOKEN_MS", "3600000", { accessTokenMs: 3_600_000 }],
    ["ROLLCALL_TOKEN_ISSUER", "https://users.example.com", { tokenIssuer: "https://users.example.com" }],
    ["ROLLCALL_TOKEN_AUDIENCE", "users", { tokenAudience: "users" }],
    ["ROLLCALL_EXTERNAL_ROLES_CLAIM", "realm_access.roles", { externalRolesClaim: "realm_access.roles" }],
    ["ROLLCALL_PASSWORD_MEMORY_KIB", "65536", { passwordMemoryKib: 65_536 }],
    ["ROLLCALL_PASSWORD_PASSES", "3", { passwordPasses: 3 }],
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
    [
      { ROLLCALL_ADMIN_PASSWORD: "correct horse" },
      "ROLLCALL_ADMIN_PASSWORD is not a setting; rollcall-server --help lists all",
    ],
    [
      { ROLLCALL_GRPC_ADDRESS: "50051" },
      'ROLLCALL_GRPC_ADDRESS is "50051"; it takes host:port, such as 127.0.0.1:50051, or unix: and a path',
    ],
    [
      { ROLLCALL_GRPC_ADDRESS: "localhost:65536" },
      'ROLLCALL_GRPC_ADDRESS is "localhost:65536"; it takes a port from 0 to 65535',
    ],
    [{ ROLLCALL_AUTH: "on" }, 'ROLLCALL_AUTH is "on"; it takes required or off'],
    [{ ROLLCALL_REGISTRATION: "yes" }, 'ROLLCALL_REGISTRATION is "yes"; it takes open or closed'],
    [{ ROLLCALL_ALLOW_PLAINTEXT: "yes" }, 'ROLLCALL_ALLOW_PLAINTEXT is "yes"; it takes true or false'],
    [
      { ROLLCALL_LOG_LEVEL: "loud" },
      'ROLLCALL_LOG_LEVEL is "loud"; it takes one of fatal, error, warn, info, debug, trace, silent',
    ],
    [
      { ROLLCALL_ACCESS_TOKEN_MS: "10m" },
      'ROLLCALL_ACCESS_TOKEN_MS is "10m"; it takes a whole number from 60000 to 3600000',
    ],
    [
      { ROLLCALL_ACCESS_TOKEN_MS: "3600001" },
      'ROLLCALL_ACCESS_TOKEN_MS is "3600001"; it takes a whole number from 60000 to 3600000',
    ],
    [
      { ROLLCALL_PASSWORD_MEMORY_KIB: "64" },
      'ROLLCALL_PASSWORD_MEMORY_KIB is "64"; it takes a whole number from 12288 to 1048576',
    ],
    [{ ROLLCALL_PASSWORD_PASSES: "0" }, 'ROLLCALL_PASSWORD_PASSES is "0"; it takes a whole number from 1 to 32'],
    [
      { ROLLCALL_SHUTDOWN_GRACE_MS: "30s" },
      'ROLLCALL_SHUTDOWN_GRACE_MS is "30s"; it takes a whole number from 0 to 3600000',
    ],
    [
      { ROLLCALL_MAX_USERS_PER_CALL: "0" },
      'ROLLCALL_MAX_USERS_PER_CALL is "0"; it takes a whole number from 1 to 1000000',
    ],
    [
      { ROLLCALL_DATABASE_URL: "mysql://me:secret@host/db" },
      'ROLLCALL_DATABASE_URL is "mysql://me:***@host/db"; it takes a URL that begins with postgres:// or postgresql://',
    ],
    [
      { ROLLCALL_DATABASE_URL: "postgres://me:secret@host:port/db" },
      'ROLLCALL_DATABASE_URL is "***"; it takes a URL that begins with postgres:// or postgresql://',
    ],
    [
      { ROLLCALL_EXTERNAL_JWKS_URL: "http://id.example/keys" },
      `ROLLCALL_EXTERNAL_JWKS_URL is "http://id.example/keys"; ${keyUrlRule}`,
    ],
    [
      { ROLLCALL_EXTERNAL_JWKS_URL: "https://me:secret@id.example/keys" },
      `ROLLCALL_EXTERNAL_JWKS_URL is "https://me:***@id.example/keys"; ${keyUrlRule}`,
    ],
    [{ ROLLCALL_EXTERNAL_JWKS_URL: "keys" }, `ROLLCALL_EXTERNAL_JWKS_URL is "***"; ${keyUrlRule}`],
    [{ ROLLCALL_TLS_CLIENT_ROLES: "backup=reader" }, `ROLLCALL_TLS_CLIENT_ROLES is "backup=reader"; ${rolesRule}`],
  ])("refuses %j", (environment, message) => {
    expect(refusalOf(environment)).toBe(message);
  });
});
