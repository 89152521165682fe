import { isLoopback } from "@rollcall/rpc/grpc";
import * as z from "zod";
import { ConfigError } from "./config-error.js";
import { nearestName } from "./nearest-name.js";
import { redactUrl } from "./redact-url.js";

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const address = z
  .string()
  .regex(/^(unix:.+|(\[[0-9a-f:]+\]|[^\s:/[\]]+):[0-9]+)$/i, {
    error: "host:port, such as 127.0.0.1:50051, or unix: and a path",
    abort: true,
  })
  .refine((text) => text.startsWith("unix:") || Number(text.slice(text.lastIndexOf(":") + 1)) <= 65_535, {
    error: "a port from 0 to 65535",
  });

const file = z.string().optional();

function wholeNumber(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^[0-9]{1,15}$/, { error })
    .transform(Number)
    .pipe(z.number().min(least, { error }).max(most, { error }));
}

/** Every setting. `grpcAddress` is read from `ROLLCALL_GRPC_ADDRESS`, and so on. */
const settings = z.strictObject({
  grpcAddress: address.default("127.0.0.1:50051").describe("where gRPC clients connect"),
  webAddress: address.default("127.0.0.1:8080").describe("reserved for browsers; not opened yet"),
  opsAddress: address.default("127.0.0.1:9464").describe("reserved for metrics and probes; not opened yet"),
  auth: z
    .literal("off", { error: "off, until sign-in exists" })
    .default("off")
    .describe("off makes every caller an administrator"),
  allowPlaintext: z
    .enum(["true", "false"], { error: "true or false" })
    .transform((text) => text === "true")
    .default(false)
    .describe("whether to listen beyond this machine without TLS"),
  dataDir: z.string().default("./.rollcall").describe("folder of the embedded database"),
  databaseUrl: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: "a URL that begins with postgres:// or postgresql://" })
    .refine((text) => URL.canParse(text), { error: "a URL that begins with postgres:// or postgresql://", abort: true })
    .optional()
    .describe("PostgreSQL to use instead of the embedded database"),
  logLevel: z
    .enum(logLevels, { error: `one of ${logLevels.join(", ")}` })
    .default("info")
    .describe("least severe messages that are logged"),
  tlsCertificateFile: file.describe("certificate chain to serve with, PEM"),
  tlsKeyFile: file.describe("private key of the certificate, PEM"),
  tlsClientCaFile: file.describe("authorities whose certificates clients must have, PEM"),
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

const prefix = "ROLLCALL_";
const foreignVariable = /^ROLLCALL_(TEST_.*|SOAK)$/; // for the test runner

/** The environment variable of a setting: `ROLLCALL_GRPC_ADDRESS` for `grpcAddress`. */
export function variableOf(name: SettingName): string {
  return prefix + name.replace(/[A-Z]/g, "_$&").toUpperCase();
}

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
  checkTls(data);
  checkReach(data);
  return data;
}

function isOurs(variable: string): boolean {
  return variable.startsWith(prefix) && !foreignVariable.test(variable);
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
  const shown = name === "databaseUrl" ? redactUrl(value) : value;
  return `${variableOf(name)} is ${JSON.stringify(shown)}; it takes ${issue.message}`;
}

function checkTls({ tlsCertificateFile, tlsKeyFile, tlsClientCaFile }: Config): void {
  const certificate = variableOf("tlsCertificateFile");
  const key = variableOf("tlsKeyFile");
  if (tlsCertificateFile !== undefined && tlsKeyFile === undefined) {
    throw new ConfigError(`${certificate} needs ${key}, the private key of the certificate`);
  }
  if (tlsKeyFile !== undefined && tlsCertificateFile === undefined) {
    throw new ConfigError(`${key} needs ${certificate}, the certificate of the key`);
  }
  if (tlsClientCaFile !== undefined && tlsCertificateFile === undefined) {
    throw new ConfigError(`${variableOf("tlsClientCaFile")} needs ${certificate} and ${key}: it asks for TLS`);
  }
}

function checkReach({ grpcAddress, tlsCertificateFile, allowPlaintext, auth }: Config): void {
  if (isLoopback(grpcAddress)) {
    return;
  }
  const place = `${variableOf("grpcAddress")} ${JSON.stringify(grpcAddress)} is reached from other machines`;
  if (tlsCertificateFile === undefined && !allowPlaintext) {
    const tls = `${variableOf("tlsCertificateFile")} and ${variableOf("tlsKeyFile")}`;
    throw new ConfigError(`${place} without TLS; set ${tls}, or ${variableOf("allowPlaintext")}=true`);
  }
  // Once there is another way to authenticate, this becomes a condition.
  auth satisfies "off";
  throw new ConfigError(
    `${place}, where ${variableOf("auth")} must not be off; listen on 127.0.0.1 until sign-in exists`,
  );
}
