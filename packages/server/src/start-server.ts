import type * as grpc from "@grpc/grpc-js";
import { createServer, type ServerOptions } from "@rollcall/rpc/grpc";
import { addServices } from "./add-services.js";
import { Rooms } from "./chat/rooms.js";
import type { Config } from "./config.js";
import { forgetOldAnswers } from "./forget-old-answers.js";
import { createHealth, healthServiceName } from "./health.js";
import type { Logger } from "./logger.js";
import { openConfiguredStore } from "./open-configured-store.js";
import { type OpenPort, openPort } from "./open-port.js";
import { createPasswords } from "./passwords.js";
import { createReflectionServices } from "./reflection/reflection-services.js";
import { createRunningCalls } from "./running-calls.js";
import { readServerCredentials } from "./server-credentials.js";
import { createServerInterceptors } from "./server-interceptors.js";
import type { Service } from "./service.js";
import { createServices } from "./services.js";
import { drainServer } from "./shutdown.js";
import type { Store } from "./storage/store.js";
import { watchDatabase } from "./watch-database.js";

/** What to start, and where its log goes. */
export interface StartServerOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Bounds on what clients may ask of the server. Each has a default. */
  readonly bounds?: ServerOptions | undefined;
  /** Gives the start up when aborted; it then rejects with the signal's reason, and nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
}

/** A server that answers calls. */
export interface RunningServer extends OpenPort {
  /**
   * Stops the server: new calls are refused, and running ones have `graceMs` to end, by default as long as the settings
   * say. Then the store is closed.
   */
  close(graceMs?: number): Promise<void>;
  /** Stops the server without a grace. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a whole Rollcall server in this process. When it cannot start, nothing of it is left.
 *
 * @throws {@link StartError} with a sentence for whoever starts it.
 */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const { config, signal } = options;
  const credentials = await readServerCredentials(config);
  signal?.throwIfAborted();
  const { server, close } = compose(await openConfiguredStore(config), options);
  try {
    signal?.throwIfAborted();
    const port = await openPort(server, config, credentials);
    signal?.throwIfAborted();
    return { ...port, close, [Symbol.asyncDispose]: () => close(0) };
  } catch (error) {
    await close(0);
    throw error;
  }
}

interface Composition {
  readonly server: grpc.Server;
  readonly close: (graceMs?: number) => Promise<void>;
}

/** Puts the parts together. Nothing listens yet. */
function compose(store: Store, { config, logger, bounds }: StartServerOptions): Composition {
  const draining = new AbortController();
  const overdue = new AbortController();
  const runningCalls = createRunningCalls();
  const rooms = createRooms(store, logger);
  const services = withReflection(createServices({ config, store, rooms, passwords: createPasswords() }));
  const health = createHealth(services.map(({ name }) => name));

  const server = createServer(bounds);
  const interceptors = createServerInterceptors({
    logger,
    runningCalls,
    draining: draining.signal,
    overdue: overdue.signal,
  });
  addServices(server, services, { interceptors, logger });
  health.addTo(server);
  const watching = watchDatabase(store, { health, logger, signal: draining.signal });
  const forgetting = forgetOldAnswers(store, { logger, signal: draining.signal });

  let closing: Promise<void> | undefined;
  const stop = async (graceMs: number) => {
    await drainServer({ server, health, runningCalls, draining, overdue, graceMs });
    rooms.close();
    await Promise.all([watching, forgetting]);
    await store.close();
  };
  return { server, close: (graceMs = config.shutdownGraceMs) => (closing ??= stop(graceMs)) };
}

function createRooms(store: Store, logger: Logger): Rooms {
  return new Rooms(store.messages, {
    onPollError: (error) => {
      logger.warn({ error }, "could not look for other servers' messages");
    },
  });
}

function withReflection(services: readonly Service[]): readonly Service[] {
  const names = services.map(({ name }) => name);
  return [...services, ...createReflectionServices([...names, healthServiceName])];
}
