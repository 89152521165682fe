import { type Environment, parseConfig } from "./config.js";
import { createLogger } from "./logger.js";
import { type RunningServer, startServer } from "./start-server.js";
import { createTemporaryFolder } from "./temporary-folder.fixture.js";

/** Starts the whole server in this process, on a free port and with a database of its own unless the settings say otherwise. */
export async function startWholeServer(settings: Environment = {}): Promise<RunningServer> {
  const folder = await createTemporaryFolder();
  const environment = {
    ROLLCALL_AUTH: "off",
    ROLLCALL_GRPC_ADDRESS: "127.0.0.1:0",
    ROLLCALL_DATA_DIR: folder.path,
    ...settings,
  };
  const logger = createLogger({ level: "silent" });
  const server = await startServer({ config: parseConfig(environment), logger });
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
