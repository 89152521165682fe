import { createServer as createTcpServer, type ListenOptions, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from "node:tls";
import * as grpc from "@grpc/grpc-js";
import { wholeNumber } from "./channel-arguments.js";
import { placesOf } from "./listening-places.js";
import { type ServerTls, tlsOptions } from "./server-tls.js";
import { guardStreams, type GuardedInjector, type StreamGuardOptions } from "./stream-guard.js";

/** Why a connection was closed before it was used. */
export type RefusedConnection = "tooMany" | "silent" | "handshake";

/** Which connections are accepted, and how they are watched. */
export interface ListenerOptions extends StreamGuardOptions {
  /** Encrypts connections, with TLS 1.2 at least. Without it they are in the clear. */
  readonly tls?: ServerTls | undefined;
  /** Connections that may be open at a time; more are closed at once. Defaults to 1,000. */
  readonly maxConnections?: number | undefined;
  /** How long a client may take until it speaks HTTP/2. Defaults to 10 seconds. */
  readonly firstBytesMs?: number | undefined;
  /** Hears of each connection that was refused, for counting. */
  readonly onRefused?: ((reason: RefusedConnection) => void) | undefined;
}

/** An open port. */
export interface Listener {
  readonly port: number;
  /** How many connections are open. */
  readonly connections: number;
  /**
   * Shows another certificate to the connections that are made from now on; those that are open stay as they are.
   *
   * @throws Error if certificate and key do not fit together; the old ones then stay.
   */
  renew(tls: ServerTls): void;
}

const lastWordsMs = 100;
const defaultMaxConnections = 1_000;
const defaultFirstBytesMs = 10_000;
const noPort = 1; // what grpc-js says of a Unix socket
const prefaceBytes = 24; // "PRI * HTTP/2.0", with which every HTTP/2 connection begins

/** The port of a server, with all of its connections. */
export class GrpcListener implements Listener {
  readonly #options: ListenerOptions;
  readonly #maxConnections: number;
  readonly #firstBytesMs: number;
  readonly #injector: GuardedInjector;
  readonly #servers: (Server | TlsServer)[] = [];
  readonly #sockets = new Set<Socket>();
  port = 0;

  constructor(server: grpc.Server, options: ListenerOptions) {
    this.#options = options;
    this.#maxConnections = wholeNumber("maxConnections", options.maxConnections ?? defaultMaxConnections);
    this.#firstBytesMs = wholeNumber("firstBytesMs", options.firstBytesMs ?? defaultFirstBytesMs);
    // Encryption is ours where there is any: what grpc-js is handed has already been decrypted.
    this.#injector = guardStreams(server, options, () =>
      server.createConnectionInjector(grpc.ServerCredentials.createInsecure()),
    );
  }

  get connections(): number {
    return this.#sockets.size;
  }

  async open(address: string): Promise<void> {
    for (const where of await placesOf(address)) {
      const port = "path" in where ? undefined : where.port === 0 ? this.port : where.port;
      await this.#openOne(port === undefined ? where : { ...where, port });
    }
  }

  async #openOne(where: ListenOptions): Promise<void> {
    const server = this.#options.tls === undefined ? this.#createPlain() : this.#createEncrypted(this.#options.tls);
    server.prependListener("connection", (socket: Socket) => {
      this.#watch(socket);
    });
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(where, () => {
        server.off("error", reject);
        resolve();
      });
    });
    const bound = server.address();
    this.port = typeof bound === "object" && bound !== null ? bound.port : noPort;
  }

  #createPlain(): Server {
    return createTcpServer((socket) => {
      if (!socket.destroyed) {
        this.#injector.inject(socket);
      }
    });
  }

  #createEncrypted(tls: ServerTls): TlsServer {
    const server = createTlsServer(
      { ...tlsOptions(tls), ALPNProtocols: ["h2"], handshakeTimeout: this.#firstBytesMs },
      (socket) => {
        this.#acceptEncrypted(socket);
      },
    );
    server.on("tlsClientError", () => {
      this.#options.onRefused?.("handshake");
    });
    return server;
  }

  #acceptEncrypted(socket: TLSSocket): void {
    const shown = socket.getPeerCertificate();
    const forged = Object.keys(shown).length > 0 && !socket.authorized;
    if (socket.alpnProtocol !== "h2" || (forged && this.#options.tls?.clientCa !== undefined)) {
      this.#options.onRefused?.("handshake");
      socket.destroy();
      return;
    }
    socket.on("error", () => undefined); // its "close" follows
    this.#injector.inject(socket);
  }

  /** Keeps count of a connection, and closes it where there are too many or where nothing is heard from it. */
  #watch(socket: Socket): void {
    socket.on("error", () => undefined); // its "close" follows
    if (this.#sockets.size >= this.#maxConnections) {
      this.#refuse(socket, "tooMany");
      return;
    }
    this.#sockets.add(socket);
    const timer = setTimeout(() => {
      if (socket.bytesRead < prefaceBytes) {
        this.#refuse(socket, "silent");
      }
    }, this.#firstBytesMs).unref();
    socket.once("close", () => {
      clearTimeout(timer);
      this.#sockets.delete(socket);
    });
  }

  #refuse(socket: Socket, reason: RefusedConnection): void {
    this.#options.onRefused?.(reason);
    socket.destroy();
  }

  renew(tls: ServerTls): void {
    for (const server of this.#servers) {
      if ("setSecureContext" in server) {
        server.setSecureContext(tlsOptions(tls));
      }
    }
  }

  stopAccepting(): void {
    for (const server of this.#servers) {
      server.close();
    }
  }

  /** Ends the calls that still run, and closes what is still open once that has been told. */
  cutOff(): void {
    this.#injector.drain(0);
    setTimeout(() => {
      this.#sockets.forEach((socket) => socket.destroy());
    }, lastWordsMs).unref();
  }
}
