import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can be cut. */
export interface Cuttable extends AsyncDisposable {
  /** Where it begins. */
  readonly address: string;
  /** Ends every connection without a word, as a broken line does. */
  cut(): void;
}

/** Opens a way to a server on this machine, which leads every byte on until it is cut. */
export async function openCuttable(address: string): Promise<Cuttable> {
  const [host, port] = address.split(":");
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    [near, far].forEach(keep);
    near.pipe(far).pipe(near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const own = server.address();
  if (own === null || typeof own === "string") {
    throw new Error("a TCP server has no port");
  }
  const cut = () => {
    sockets.forEach((socket) => socket.destroy());
  };
  return {
    address: `127.0.0.1:${String(own.port)}`,
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
