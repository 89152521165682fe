import * as z from "zod";
import { parseCertificateRoles } from "./access/certificate-roles.js";
import { checkSettings } from "./check-settings.js";
import { ConfigError } from "./config-error.js";
import { nearestName } from "./nearest-name.js";
import { redactUrl } from "./redact-url.js";
import { address, addressRanges, databaseUrl, file, flag, keyUrl, oneOf, wholeNumber } from "./setting-types.js";
import { variableOf, variablePrefix } from "./variable-of.js";

export { variableOf } from "./variable-of.js";

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** Every setting. `grpcAddress` is read from `ROLLCALL_GRPC_ADDRESS`, and so on. */
const settings = z.strictObject({
  grpcAddress: address.default("127.0.0.1:50051").describe("where gRPC clients connect"),
  webAddress: address.default("127.0.0.1:8080").describe("reserved for browsers; not opened yet"),
  opsAddress: address.default("127.0.0.1:9464").describe("reserved for metrics and probes; not opened yet"),
  auth: oneOf(["required", "off"])
    .default("required")
    .describe("whether callers must sign in; off makes every caller an administrator"),
  registration: oneOf(["open", "closed"]).default("closed").describe("whether anybody may make an account"),
  adminEmail: z.string().default("admin@rollcall.local").describe("e-mail of the first administrator"),
  adminPasswordFile: file.describe("password of the first administrator; without it one is made and shown once"),
  allowPlaintext: flag.default(false).describe("whether to listen beyond this machine without TLS"),
  trustedProxies: addressRanges.describe("proxies whose word on clients' addresses is taken"),
  dataDir: z.string().default("./.rollcall").describe("folder of the embedded database"),
  databaseUrl: databaseUrl.optional().describe("PostgreSQL to use instead of the embedded database"),
  accessTokenMs: wholeNumber(60_000, 3_600_000)
    .default(600_000)
    .describe("how long an access token counts, in milliseconds"),
  tokenIssuer: z.string().default("rollcall").describe("who issues the access tokens: their claim iss"),
  tokenAudience: z.string().default("rollcall").describe("whom the access tokens are for: their claim aud"),
  externalJwksUrl: keyUrl.optional().describe("public keys of another issuer whose tokens are accepted as well"),
  externalIssuer: z.string().optional().describe("that issuer: the claim iss of its tokens"),
  externalAudience: z.string().optional().describe("whom that issuer's tokens are for: their claim aud"),
  externalRolesClaim: z
    .string()
    .default("roles")
    .describe("the claim of that issuer's tokens that holds roles, or a path to it, such as realm_access.roles"),
  passwordMemoryKib: wholeNumber(12_288, 1_048_576)
    .default(19_456)
    .describe("memory that hashing a password takes, in KiB"),
  passwordPasses: wholeNumber(1, 32).default(2).describe("passes over that memory"),
  logLevel: oneOf(logLevels).default("info").describe("least severe messages that are logged"),
  tlsCertificateFile: file.describe("certificate chain to serve with, PEM"),
  tlsKeyFile: file.describe("private key of the certificate, PEM"),
  tlsClientCaFile: file.describe("authorities whose certificates clients must have, PEM"),
  tlsClientRoles: z
    .string()
    .default("")
    .refine((text) => parseCertificateRoles(text) !== undefined, {
      error: "names and their roles, such as URI:spiffe://example.test/backup=reader;DNS:console.test=admin",
    })
    .describe("what the names in clients' certificates may do"),
  shutdownGraceMs: wholeNumber(0, 3_600_000)
    .default(30_000)
    .describe("how long running calls may go on after SIGTERM, in milliseconds"),
  maxUsersPerCall: wholeNumber(1, 1_000_000).default(10_000).describe("users that one CreateUsers may create"),
});

/** What the server was told to do, checked and complete. */
export type Config = Readonly<z.output<typeof settings>>;

/** The name of a setting in {@link Config}. */
export type SettingName = keyof Config;

/** The environment that settings are read from, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** All settings in the order in which they are shown. */
export const settingNames = Object.keys(settings.shape) as SettingName[]; // the keys of a constant object are its own

const foreignVariable = /^ROLLCALL_(TEST_.*|TOUR_.*|SOAK)$/; // for the test runner

/** What a setting is for, in a few words. */
export function purposeOf(name: SettingName): string {
  return settings.shape[name].description ?? "";
}

/**
 * Reads the settings from `ROLLCALL_*` variables. One that is empty counts as not set.
 *
 * @throws {@link ConfigError} for a variable that is unknown, out of range, or at odds with another.
 */
export function parseConfig(environment: Environment): Config {
  const given = Object.entries(environment).filter(([variable, value]) => isOurs(variable) && value !== "");
  const input = Object.fromEntries(given.map(([variable, value]) => [nameOf(variable), value]));
  const { success, data, error } = settings.safeParse(input);
  if (!success) {
    throw new ConfigError(sentenceOf(error.issues[0], input));
  }
  checkSettings(data);
  return data;
}

function isOurs(variable: string): boolean {
  return variable.startsWith(variablePrefix) && !foreignVariable.test(variable);
}

function nameOf(variable: string): SettingName {
  const name = settingNames.find((candidate) => variableOf(candidate) === variable);
  if (name === undefined) {
    const nearest = nearestName(variable, settingNames.map(variableOf));
    const hint = nearest === undefined ? "rollcall-server --help lists all" : `did you mean ${nearest}?`;
    throw new ConfigError(`${variable} is not a setting; ${hint}`);
  }
  return name;
}

function sentenceOf(issue: z.core.$ZodIssue | undefined, input: Readonly<Record<string, unknown>>): string {
  const name = settingNames.find((candidate) => candidate === issue?.path[0]);
  if (issue === undefined || name === undefined) {
    return "the settings are not understood";
  }
  const value = String(input[name]);
  const shown = name === "databaseUrl" || name === "externalJwksUrl" ? redactUrl(value) : value;
  return `${variableOf(name)} is ${JSON.stringify(shown)}; it takes ${issue.message}`;
}
