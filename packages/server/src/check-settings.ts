import { isLoopback } from "@rollcall/rpc/grpc";
import type { Config } from "./config.js";
import { ConfigError } from "./config-error.js";
import { variableOf } from "./variable-of.js";

/**
 * Refuses settings that are at odds with each other.
 *
 * @throws {@link ConfigError} with a sentence that names them.
 */
export function checkSettings(config: Config): void {
  checkTls(config);
  checkReach(config);
  checkExternalIssuer(config);
  checkOpenAccess(config);
  checkPasswordCost(config);
}

function checkTls({ tlsCertificateFile, tlsKeyFile, tlsClientCaFile, tlsClientRoles }: Config): void {
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
  if (tlsClientRoles !== "" && tlsClientCaFile === undefined) {
    const authorities = variableOf("tlsClientCaFile");
    throw new ConfigError(`${variableOf("tlsClientRoles")} needs ${authorities}, whose certificates have the names`);
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
  if (auth === "off") {
    throw new ConfigError(`${place}, where ${variableOf("auth")} must not be off; leave it at required`);
  }
}

function checkExternalIssuer(config: Config): void {
  const names = ["externalJwksUrl", "externalIssuer", "externalAudience"] as const;
  const missing = names.filter((name) => config[name] === undefined);
  if (missing.length > 0 && missing.length < names.length) {
    const given = names.filter((name) => !missing.includes(name)).map(variableOf);
    const verb = given.length === 1 ? "needs" : "need";
    throw new ConfigError(`${given.join(" and ")} ${verb} ${missing.map(variableOf).join(" and ")} as well`);
  }
  if (config.externalIssuer === config.tokenIssuer) {
    throw new ConfigError(`${variableOf("externalIssuer")} must differ from ${variableOf("tokenIssuer")}`);
  }
}

/** Whoever says what callers may do has to find out who calls. */
function checkOpenAccess(config: Config): void {
  const names = ["externalJwksUrl", "tlsClientRoles"] as const;
  const idle = names.find((name) => (config[name] ?? "") !== "");
  if (config.auth === "off" && idle !== undefined) {
    const off = `${variableOf("auth")} is off, which makes every caller an administrator`;
    throw new ConfigError(`${variableOf(idle)} has no effect while ${off}`);
  }
}

/** The least memory in KiB by the number of passes; it grows no smaller with more of them. */
const leastMemoryKib: readonly number[] = [Infinity, 47_104, 19_456, 12_288];

/**
 * Refuses parameters with which passwords are easier to guess than OWASP thinks right.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
function checkPasswordCost({ passwordMemoryKib, passwordPasses }: Config): void {
  const least = leastMemoryKib[passwordPasses] ?? leastMemoryKib.at(-1) ?? Infinity;
  if (passwordMemoryKib < least) {
    const memory = `${variableOf("passwordMemoryKib")} is ${passwordMemoryKib}`;
    throw new ConfigError(
      `${memory}; with ${variableOf("passwordPasses")}=${passwordPasses} it takes ${least} at least`,
    );
  }
}
