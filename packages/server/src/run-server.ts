import * as grpc from "@grpc/grpc-js";
import { type Config, variableOf } from "./config.js";
import { exitOnUncaught } from "./last-resort.js";
import { createLogger, type Logger } from "./logger.js";
import { describeStore } from "./open-configured-store.js";
import { type RunningServer, startServer } from "./start-server.js";
import { listenForStop } from "./stop-signals.js";

const startGraceMs = 2_000;

/**
 * Runs the server as this process, until it is told to stop by SIGTERM or SIGINT.
 *
 * @throws {@link StartError} if it cannot start.
 */
export async function runServer(config: Config): Promise<void> {
  const logger = createLogger({ level: config.logLevel });
  exitOnUncaught(logger);
  sendGrpcLogTo(logger);
  const stop = listenForStop();
  const server = await startUnlessStopped(config, logger, stop);
  if (server === undefined) {
    return;
  }
  announce(config, server.address, logger);
  await aborted(stop);
  logger.info({ graceMs: config.shutdownGraceMs }, "stopping; once more to stop at once");
  await server.close();
  logger.info("stopped");
}

/** Undefined when it was told to stop before it was ready, whatever then became of the start. */
async function startUnlessStopped(
  config: Config,
  logger: Logger,
  stop: AbortSignal,
): Promise<RunningServer | undefined> {
  const tell = () => {
    logger.info("stopping before the start is complete");
  };
  stop.addEventListener("abort", tell);
  const giveUp = aborted(stop).then(() => delay(startGraceMs));
  try {
    return await Promise.race([startServer({ config, logger, signal: stop }), giveUp]);
  } catch (error) {
    if (stop.aborted) {
      return undefined;
    }
    throw error;
  } finally {
    stop.removeEventListener("abort", tell);
  }
}

function announce(config: Config, address: string, logger: Logger): void {
  const next = process.stdout.isTTY ? "; see every call with: npm run tour" : "";
  logger.info({ address, store: describeStore(config) }, `listening on ${address}${next}`);
  if (config.auth === "off") {
    logger.warn(`${variableOf("auth")} is off: every caller is an administrator`);
  }
}

/** grpc-js writes to standard error by itself; what it says there is for developers. */
function sendGrpcLogTo(logger: Logger): void {
  const write = (...text: unknown[]) => {
    logger.debug({ grpc: text.map(String).join(" ") }, "grpc-js says");
  };
  grpc.setLogger({ error: write, info: write, debug: write });
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(undefined);
    } else {
      signal.addEventListener(
        "abort",
        () => {
          resolve(undefined);
        },
        { once: true },
      );
    }
  });
}

function delay(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, undefined).unref();
  });
}
