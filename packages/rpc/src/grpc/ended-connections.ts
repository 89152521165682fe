import type { Http2Session } from "node:http2";
import type { Duplex } from "node:stream";
import type * as grpc from "@grpc/grpc-js";

const sweepMs = 500;

/**
 * Closes the sockets of sessions that have ended. Node leaves a socket open whose client goes on sending after its session
 * was ended for a fault of the client's, such as a flood.
 */
export class EndedConnections {
  readonly #sockets = new Map<Http2Session, Duplex>();
  #injected: Duplex | undefined;
  #sweeping: NodeJS.Timeout | undefined;

  /** Hands a socket to grpc-js. Its session is made meanwhile. */
  inject(socket: Duplex, injector: grpc.ConnectionInjector): void {
    this.#injected = socket;
    injector.injectConnection(socket);
    this.#injected = undefined;
  }

  noteSession(session: Http2Session): void {
    const socket = this.#injected;
    if (socket === undefined) {
      return;
    }
    this.#sockets.set(session, socket);
    socket.once("close", () => {
      this.#sockets.delete(session);
    });
    this.#sweeping ??= setInterval(() => {
      this.#sweep();
    }, sweepMs).unref();
  }

  #sweep(): void {
    for (const [session, socket] of this.#sockets) {
      if (session.destroyed) {
        socket.destroy();
      }
    }
    if (this.#sockets.size === 0) {
      clearInterval(this.#sweeping);
      this.#sweeping = undefined;
    }
  }
}
