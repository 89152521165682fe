import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createLogger, parseConfig, type RunningServer, startServer } from "@rollcall/server";
import { createTemporaryFolder } from "@rollcall/tool-command";

/** Whom the server lets in. */
export interface ServerForOthersOptions {
  /** Whether callers must sign in. Clients that were made before anybody could, cannot. */
  readonly auth: "required" | "off";
}

/** A server for programs that are not made with the SDK's sources. */
export interface ServerForOthers extends Pick<RunningServer, "address">, AsyncDisposable {
  /** The password of `admin@rollcall.local`, where callers must sign in. */
  readonly adminPassword: string;
}

/** Starts the whole server on a free port, with an empty store that goes away with it. */
export async function startServerForOthers({ auth }: ServerForOthersOptions): Promise<ServerForOthers> {
  const folder = await createTemporaryFolder();
  const adminPassword = randomBytes(12).toString("hex");
  const passwordFile = join(folder.path, "admin-password");
  await writeFile(passwordFile, adminPassword);
  const config = parseConfig({
    ROLLCALL_AUTH: auth,
    ROLLCALL_ADMIN_PASSWORD_FILE: passwordFile,
    ROLLCALL_GRPC_ADDRESS: "127.0.0.1:0",
    ROLLCALL_DATA_DIR: join(folder.path, "data"),
  });
  const server = await startServer({ config, logger: createLogger({ level: "error" }) });
  return {
    address: server.address,
    adminPassword,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
