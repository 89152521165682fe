import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createRollcallClient, deadlineIn, type RollcallClient } from "@rollcall/client";
import { repositoryRoot } from "@rollcall/tool-command";
import { serverModule } from "../compiled-module.js";
import { freePort } from "./free-port.js";
import { type ProcessUsage, usageOf } from "./process-usage.js";

/** A server to measure. */
export interface Variant {
  readonly name: string;
  /** The program and its arguments, in the repository. */
  readonly args: (address: string) => readonly string[];
  readonly env: (address: string, dataDir: string) => Readonly<Record<string, string>>;
}

/** A server in a process of its own, and a client for it. */
export interface RunningVariant {
  readonly client: RollcallClient;
  usage(): Promise<ProcessUsage>;
  [Symbol.asyncDispose](): Promise<void>;
}

const startTimeoutMs = 20_000;

/** Starts the server afresh and connects to it. */
export async function startVariant(variant: Variant, dataDir: string): Promise<RunningVariant> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(process.execPath, variant.args(address), {
    cwd: repositoryRoot,
    env: { ...process.env, ...variant.env(address, dataDir) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const client = createRollcallClient({ address, maxReceiveBytes: 16 * 1024 * 1024, maxReconnectBackoffMs: 200 });
  await connect(client);
  const { pid } = child;
  if (pid === undefined) {
    throw new Error(`could not start ${variant.name}`);
  }
  return {
    client,
    usage: () => usageOf(pid),
    async [Symbol.asyncDispose]() {
      client.close();
      await stop(child);
    },
  };
}

/** The product as `npm start` runs it, on the database that a URL names, or on SQLite. */
export function product(name: string, databaseUrl = ""): Variant {
  return {
    name,
    args: () => [join("packages", "server", "dist", "main.js")],
    env: (address, dataDir) => ({
      ROLLCALL_AUTH: "off",
      ROLLCALL_GRPC_ADDRESS: address,
      ROLLCALL_DATA_DIR: dataDir,
      ROLLCALL_DATABASE_URL: databaseUrl,
      ROLLCALL_LOG_LEVEL: "warn",
    }),
  };
}

/** grpc-js with the generated code and users in memory. */
export const bare: Variant = {
  name: "bare grpc-js, in memory",
  args: (address) => [serverModule("bare-bulk"), address],
  env: () => ({}),
};

async function connect(client: RollcallClient): Promise<void> {
  const deadline = deadlineIn(startTimeoutMs);
  await client.connect({ deadline });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGTERM");
    await once(child, "exit");
  }
}
