import { once } from "node:events";
import { createConnection, type Socket } from "node:net";

/** Kinds of frames of HTTP/2. */
export const frameTypes = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags of frames of HTTP/2. */
export const frameFlags = { none: 0, endStream: 1, endHeaders: 4 } as const;

/** A connection on which frames of HTTP/2 are written byte for byte, valid or not. */
export interface FrameSocket extends AsyncDisposable {
  /** Whether the server has closed the connection. */
  readonly closed: boolean;
  /** Writes a frame. */
  frame(type: number, flags: number, streamId: number, payload?: Uint8Array): void;
  /** Writes a HEADERS frame with the headers as they are: nothing is added, checked or made lower case. */
  headers(streamId: number, headers: readonly (readonly [string, string])[], flags?: number): void;
  /** Resolves when the server has read all that was written before, or has closed the connection. */
  settled(): Promise<void>;
}

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Connects to a server, such as `127.0.0.1:50051`, and sends what begins a connection of HTTP/2. */
export async function connectFrameSocket(address: string): Promise<FrameSocket> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = createConnection(Number(port), hostname);
  const pings = createPings(socket);
  socket.on("error", () => undefined); // a server may well cut a connection like this
  await once(socket, "connect");
  const write = (type: number, flags: number, streamId: number, payload: Uint8Array = new Uint8Array()) => {
    socket.write(Buffer.concat([frameHeader(payload.length, type, flags, streamId), payload]));
  };
  socket.write(preface);
  write(frameTypes.settings, frameFlags.none, 0);
  return {
    get closed() {
      return socket.closed;
    },
    frame: write,
    headers: (streamId, headers, flags = frameFlags.endHeaders) => {
      write(frameTypes.headers, flags, streamId, Buffer.concat(headers.map(literalHeader)));
    },
    settled: () =>
      pings.answered((payload) => {
        write(frameTypes.ping, frameFlags.none, 0, payload);
      }),
    async [Symbol.asyncDispose]() {
      if (!socket.closed) {
        socket.destroy();
        await once(socket, "close");
      }
    },
  };
}

function frameHeader(lengthBytes: number, type: number, flags: number, streamId: number): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(lengthBytes, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(streamId, 5);
  return header;
}

/** Waits for the answers to pings: each stands for all that was written before it. */
function createPings(socket: Socket): { readonly answered: (send: (payload: Buffer) => void) => Promise<void> } {
  const waiting = new Map<bigint, () => void>();
  let sent = 0n;
  let unread = Buffer.alloc(0);
  socket.on("data", (piece: Buffer) => {
    unread = Buffer.concat([unread, piece]);
    for (let end = frameEnd(unread); end <= unread.length; end = frameEnd(unread)) {
      if (unread.readUInt8(3) === frameTypes.ping && unread.readUInt8(4) === 1) {
        waiting.get(unread.readBigUInt64BE(9))?.();
      }
      unread = unread.subarray(end);
    }
  });
  socket.on("close", () => {
    waiting.forEach((resolve) => {
      resolve();
    });
  });
  return {
    async answered(send) {
      const id = ++sent;
      const payload = Buffer.alloc(8);
      payload.writeBigUInt64BE(id);
      await new Promise<void>((resolve) => {
        waiting.set(id, resolve);
        if (socket.closed) {
          resolve();
        }
        send(payload);
      });
      waiting.delete(id);
    },
  };
}

/** Where the first frame ends; beyond the bytes when it is not complete. */
function frameEnd(bytes: Buffer): number {
  return bytes.length < 9 ? Infinity : 9 + bytes.readUIntBE(0, 3);
}

/** A header in HPACK: literal, never indexed, without Huffman coding. */
function literalHeader([name, value]: readonly [string, string]): Buffer {
  return Buffer.concat([Buffer.from([0x10]), literalText(name), literalText(value)]);
}

function literalText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = bytes.length < 127 ? [bytes.length] : [127, ...continued(bytes.length - 127)];
  return Buffer.concat([Buffer.from(length), bytes]);
}

function continued(rest: number): number[] {
  return rest < 128 ? [rest] : [128 + (rest % 128), ...continued(Math.floor(rest / 128))];
}
