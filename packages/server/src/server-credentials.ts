import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { isNativeError } from "node:util/types";
import * as grpc from "@grpc/grpc-js";
import { type Config, type SettingName, variableOf } from "./config.js";
import { StartError } from "./start-error.js";

/**
 * The credentials of the server: TLS where the settings name a certificate, and clients with a certificate of their own
 * where they name authorities for those.
 *
 * @throws {@link StartError} for a file that cannot be read or is not what it should be.
 */
export async function readServerCredentials(config: Config): Promise<grpc.ServerCredentials> {
  const certificate = await readSetting(config, "tlsCertificateFile");
  const key = await readSetting(config, "tlsKeyFile");
  const clientCa = await readSetting(config, "tlsClientCaFile");
  if (certificate === undefined || key === undefined) {
    return grpc.ServerCredentials.createInsecure();
  }
  check(config, "tlsCertificateFile", "a certificate", () => createSecureContext({ cert: certificate }));
  check(config, "tlsKeyFile", "an unencrypted private key", () => createSecureContext({ key }));
  check(config, "tlsKeyFile", `the key of ${quoted(config, "tlsCertificateFile")}`, () =>
    createSecureContext({ cert: certificate, key }),
  );
  if (clientCa !== undefined) {
    check(config, "tlsClientCaFile", "a certificate", () => createSecureContext({ cert: clientCa }));
  }
  const pair = { private_key: key, cert_chain: certificate };
  return grpc.ServerCredentials.createSsl(clientCa ?? null, [pair], clientCa !== undefined);
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
