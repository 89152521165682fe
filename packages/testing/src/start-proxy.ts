import { once } from "node:events";
import { createConnection, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A TCP proxy in front of a server, to spoil its connections. */
export interface Proxy extends AsyncDisposable {
  /** Where clients connect, as in `127.0.0.1:40312`. */
  readonly address: string;
  /** How many connections are open. */
  readonly connections: number;
  /** Cuts all connections at once, as when a cable is pulled and a router answers: both ends see a reset. */
  cut(): void;
  /** Lets nothing through from now on, in either direction. The connections stay open, as when a network loses packets. */
  stall(): void;
  /** Lets everything through again, in order and nothing lost. */
  resume(): void;
  /** Delays each piece of data by `ms` from now on. */
  delay(ms: number): void;
}

/** Starts a proxy on a free port in front of `target`, such as `127.0.0.1:50051`. */
export async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(`tcp://${target}`);
  const line = new Line();
  const server = createServer((client) => {
    line.join(client, createConnection({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as AddressInfo; // a server on a TCP port has no other kind of address
  return {
    address: `127.0.0.1:${String(address.port)}`,
    get connections() {
      return line.connections;
    },
    cut: () => {
      line.cut();
    },
    stall: () => {
      line.stall();
    },
    resume: () => {
      line.resume();
    },
    delay: (ms) => {
      line.delayMs = ms;
    },
    async [Symbol.asyncDispose]() {
      line.cut();
      server.close();
      await once(server, "close");
    },
  };
}

/** All connections through a proxy, and what is done to them. */
class Line {
  delayMs = 0;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #stalled: PromiseWithResolvers | undefined;

  get connections(): number {
    return this.#pairs.size;
  }

  join(client: Socket, server: Socket): void {
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [server, client] as const]) {
      from.on("error", () => to.destroy());
      from.once("close", () => {
        this.#pairs.delete(pair);
        to.destroySoon();
      });
      void this.#pump(from, to);
    }
  }

  cut(): void {
    for (const [client, server] of this.#pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  stall(): void {
    this.#stalled ??= withResolvers();
  }

  resume(): void {
    this.#stalled?.resolve();
    this.#stalled = undefined;
  }

  async #pump(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const piece of from) {
        await this.#stalled?.promise;
        if (this.delayMs > 0) {
          await sleep(this.delayMs);
        }
        if (!to.write(piece as Buffer)) {
          await once(to, "drain");
        }
      }
      to.end();
    } catch {
      to.destroy(); // one end is gone, so the other has nobody to talk to
    }
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
