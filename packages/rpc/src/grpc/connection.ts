import * as grpc from "@grpc/grpc-js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";

type GiveUp = (error: StatusError) => void;

/**
 * The grpc-js client behind a channel.
 *
 * A server that accepts a connection and then says nothing would keep grpc-js waiting without end (grpc-node #2785). So an
 * attempt to connect is given a limited time; when it has passed, the calls that wait for it fail and the next call makes
 * a new attempt, on a new client.
 */
export class Connection {
  readonly #connect: () => grpc.Client;
  readonly #address: string;
  readonly #timeoutMs: number;
  readonly #waiting = new Set<GiveUp>();
  #client: grpc.Client;
  #timer: NodeJS.Timeout | undefined;
  #watching = false;
  #closed = false;

  constructor(address: string, timeoutMs: number, connect: () => grpc.Client) {
    this.#address = address;
    this.#timeoutMs = timeoutMs;
    this.#connect = connect;
    this.#client = connect();
  }

  /**
   * The client to make a call with.
   *
   * @throws StatusError `UNAVAILABLE` once the connection is closed.
   */
  get client(): grpc.Client {
    if (this.#closed) {
      throw new StatusError(Status.UNAVAILABLE, `the channel to ${this.#address} is closed`, { received: true });
    }
    return this.#client;
  }

  /** Calls `giveUp` if connecting takes too long. The function that comes back ends the wait. */
  await(giveUp: GiveUp): () => void {
    if (this.#client.getChannel().getConnectivityState(false) === grpc.connectivityState.READY) {
      return () => undefined;
    }
    this.#waiting.add(giveUp);
    this.#watch();
    return () => {
      this.#waiting.delete(giveUp);
    };
  }

  close(): void {
    this.#closed = true;
    this.#waiting.clear();
    clearTimeout(this.#timer);
    this.#client.close();
  }

  #watch(): void {
    if (!this.#watching) {
      this.#watching = true;
      this.#follow(this.#client.getChannel());
    }
  }

  /** Follows the channel's state for as long as a call waits. Only the time spent connecting counts. */
  #follow(channel: grpc.ChannelInterface): void {
    const state = channel.getConnectivityState(false);
    clearTimeout(this.#timer);
    if (state === grpc.connectivityState.READY) {
      this.#waiting.clear();
    }
    if (this.#closed || this.#waiting.size === 0) {
      this.#watching = false;
      return;
    }
    if (state === grpc.connectivityState.CONNECTING) {
      this.#timer = setTimeout(() => {
        this.#replace();
      }, this.#timeoutMs).unref();
    }
    channel.watchConnectivityState(state, Infinity, () => {
      if (channel === this.#client.getChannel()) {
        this.#follow(channel);
      }
    });
  }

  #replace(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#watching = false;
    const stuck = this.#client;
    this.#client = this.#connect();
    const details = `could not connect to ${this.#address} within ${String(this.#timeoutMs)} ms`;
    for (const giveUp of waiting) {
      giveUp(new StatusError(Status.UNAVAILABLE, details, { received: true }));
    }
    stuck.close(); // after its calls have given up, or they would report this instead
  }
}
