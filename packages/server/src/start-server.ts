import type * as grpc from "@grpc/grpc-js";
import { prometheusMetrics, type ServerMetrics } from "@rollcall/interceptors/server/metrics";
import { createServer, type ServerOptions } from "@rollcall/rpc/grpc";
import { Registry } from "prom-client";
import { addServices } from "./add-services.js";
import { Rooms } from "./chat/rooms.js";
import type { Config } from "./config.js";
import { forgetOldAnswers } from "./forget-old-answers.js";
import { createHealth, healthServiceName } from "./health.js";
import { createIdentity } from "./identity/create-identity.js";
import { ensureFirstAdmin } from "./identity/first-admin.js";
import type { Logger } from "./logger.js";
import { methodPolicies } from "./method-tables.js";
import { openConfiguredStore } from "./open-configured-store.js";
import { type OpenPort, openPort } from "./open-port.js";
import { createPasswords, type Passwords } from "./passwords.js";
import { createReflectionServices } from "./reflection/reflection-services.js";
import { createRunningCalls } from "./running-calls.js";
import { readServerTls } from "./read-server-tls.js";
import { createServerInterceptors } from "./server-interceptors.js";
import type { Service } from "./service.js";
import { createServices } from "./services.js";
import { drainServer } from "./shutdown.js";
import type { Store } from "./storage/store.js";
import { watchCertificates } from "./watch-certificates.js";
import { watchDatabase } from "./watch-database.js";

/** What to start, and where its log goes. */
export interface StartServerOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Bounds on what clients may ask of the server. Each has a default. */
  readonly bounds?: ServerOptions | undefined;
  /** Tells whoever starts the server what is not for the log: the password of the first administrator. Defaults to standard error. */
  readonly announce?: ((text: string) => void) | undefined;
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
  /** What was counted and measured, in the text format of Prometheus. */
  metrics(): Promise<string>;
  /** Stops the server without a grace. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a whole Rollcall server in this process. When it cannot start, nothing of it is left.
 *
 * @throws {@link StartError} with a sentence for whoever starts it.
 */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const { config, logger, signal, announce = writeToStandardError } = options;
  const tls = await readServerTls(config);
  signal?.throwIfAborted();
  const passwords = createPasswords({
    cost: { memoryCost: config.passwordMemoryKib, timeCost: config.passwordPasses, parallelism: 1 },
  });
  const store = await openConfiguredStore(config);
  const { server, registry, metrics, draining, close } = compose(store, passwords, options);
  try {
    signal?.throwIfAborted();
    await ensureFirstAdmin({ store, passwords, config, announce });
    signal?.throwIfAborted();
    const onUnknownMethod = () => {
      metrics.recordUnknownCall();
    };
    const port = await openPort(server, config, { tls, onUnknownMethod });
    signal?.throwIfAborted();
    if (tls !== undefined) {
      void watchCertificates(config, { tls, renew: port.renew, logger, signal: draining });
    }
    return { ...port, metrics: () => registry.metrics(), close, [Symbol.asyncDispose]: () => close(0) };
  } catch (error) {
    await close(0);
    throw error;
  }
}

function writeToStandardError(text: string): void {
  process.stderr.write(`${text}\n`);
}

interface Composition {
  readonly server: grpc.Server;
  /** Aborted when the server begins to go away. */
  readonly draining: AbortSignal;
  readonly registry: Registry;
  readonly metrics: ServerMetrics;
  readonly close: (graceMs?: number) => Promise<void>;
}

/** Puts the parts together. Nothing listens yet. */
function compose(store: Store, passwords: Passwords, { config, logger, bounds }: StartServerOptions): Composition {
  const draining = new AbortController();
  const overdue = new AbortController();
  const ending = new AbortController();
  const runningCalls = createRunningCalls();
  const rooms = createRooms(store, logger);
  const identity = createIdentity({ config, store, policies: methodPolicies, signal: ending.signal });
  const services = withReflection(createServices({ config, store, rooms, passwords, identity }));
  const health = createHealth(services.map(({ name }) => name));

  const registry = new Registry();
  const metrics = prometheusMetrics({ registry });
  const server = createServer(bounds);
  const interceptors = createServerInterceptors({
    config,
    logger,
    metrics,
    store,
    access: identity.access,
    passwords,
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
    ending.abort(); // until now streams that go on must hear of revocations
    await Promise.all([watching, forgetting, identity.ended]);
    await store.close();
  };
  return {
    server,
    registry,
    metrics,
    draining: draining.signal,
    close: (graceMs = config.shutdownGraceMs) => (closing ??= stop(graceMs)),
  };
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
