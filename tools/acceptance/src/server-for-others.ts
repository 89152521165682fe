import { createLogger, parseConfig, type RunningServer, startServer } from "@rollcall/server";
import { createTemporaryFolder } from "@rollcall/tool-command";

/** Starts the whole server on a free port, with an empty store that goes away with it. */
export async function startServerForOthers(): Promise<Pick<RunningServer, "address"> & AsyncDisposable> {
  const folder = await createTemporaryFolder();
  const config = parseConfig({ ROLLCALL_GRPC_ADDRESS: "127.0.0.1:0", ROLLCALL_DATA_DIR: folder.path });
  const server = await startServer({ config, logger: createLogger({ level: "error" }) });
  return {
    address: server.address,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
