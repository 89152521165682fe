import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { isNativeError } from "node:util/types";
import type { ServerTls } from "@rollcall/rpc/grpc";
import { type Config, type SettingName, variableOf } from "./config.js";
import { StartError } from "./start-error.js";

/**
 * What the settings say of TLS: undefined without a certificate, and clients with a certificate of their own where they name
 * authorities for those.
 *
 * @throws {@link StartError} for a file that cannot be read or is not what it should be.
 */
export async function readServerTls(config: Config): Promise<ServerTls | undefined> {
  const certificate = await readSetting(config, "tlsCertificateFile");
  const key = await readSetting(config, "tlsKeyFile");
  const clientCa = await readSetting(config, "tlsClientCaFile");
  if (certificate === undefined || key === undefined) {
    return undefined;
  }
  check(config, "tlsCertificateFile", "a certificate", () => createSecureContext({ cert: certificate }));
  check(config, "tlsKeyFile", "an unencrypted private key", () => createSecureContext({ key }));
  check(config, "tlsKeyFile", `the key of ${quoted(config, "tlsCertificateFile")}`, () =>
    createSecureContext({ cert: certificate, key }),
  );
  if (clientCa !== undefined) {
    check(config, "tlsClientCaFile", "a certificate", () => createSecureContext({ cert: clientCa }));
  }
  return { certificate, key, clientCa };
}

type FileSetting = Extract<SettingName, `tls${string}File`>;

async function readSetting(config: Config, name: FileSetting): Promise<Buffer | undefined> {
  const path = config[name];
  if (path === undefined) {
    return undefined;
  }
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = isNativeError(cause) ? cause.message : String(cause);
    throw new StartError(`cannot read ${variableOf(name)}: ${reason}`, { cause });
  }
}

function check(config: Config, name: FileSetting, expected: string, load: () => unknown): void {
  try {
    load();
  } catch (cause) {
    throw new StartError(`${variableOf(name)} ${quoted(config, name)} is not ${expected} in PEM form`, { cause });
  }
}

function quoted(config: Config, name: FileSetting): string {
  return JSON.stringify(config[name]);
}
