import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRollcallClient, deadlineIn, StatusError } from "@rollcall/client";
import { createLogger, parseConfig, startServer } from "@rollcall/server";

/** A server to walk through. */
export interface FoundServer extends AsyncDisposable {
  readonly address: string;
  /** Whether it was started for the tour, and stops with it. */
  readonly isOurs: boolean;
}

const answerWithinMs = 1_000;

/** The server at an address, or when none answers there one of our own, on a free port with an empty store. */
export async function findServer(address: string): Promise<FoundServer> {
  return (await answers(address))
    ? { address, isOurs: false, [Symbol.asyncDispose]: () => Promise.resolve() }
    : startOwnServer();
}

async function answers(address: string): Promise<boolean> {
  await using client = createRollcallClient({ address, maxReconnectBackoffMs: answerWithinMs });
  try {
    await client.connect({ deadline: deadlineIn(answerWithinMs) });
    return true;
  } catch (error) {
    if (error instanceof StatusError) {
      return false;
    }
    throw error;
  }
}

async function startOwnServer(): Promise<FoundServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "rollcall-tour-"));
  const config = parseConfig({ ROLLCALL_GRPC_ADDRESS: "127.0.0.1:0", ROLLCALL_DATA_DIR: dataDir });
  const server = await startServer({ config, logger: createLogger({ level: "error" }) });
  return {
    address: server.address,
    isOurs: true,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
