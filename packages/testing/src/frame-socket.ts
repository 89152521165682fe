import { once } from "node:events";
import { createConnection } from "node:net";

/** Kinds of frames of HTTP/2. */
export const frameTypes = { data: 0, headers: 1, rstStream: 3, settings: 4, windowUpdate: 8 } as const;

/** Flags of frames of HTTP/2. */
export const frameFlags = { none: 0, endStream: 1, endHeaders: 4 } as const;

/** A connection on which frames of HTTP/2 are written byte for byte, valid or not. */
export interface FrameSocket extends AsyncDisposable {
  /** Writes a frame. */
  frame(type: number, flags: number, streamId: number, payload?: Uint8Array): void;
  /** Writes a HEADERS frame with the headers as they are: nothing is added, checked or made lower case. */
  headers(streamId: number, headers: readonly (readonly [string, string])[], flags?: number): void;
  /** Resolves when the server has read all that was written before, or has closed the connection. */
  settled(): Promise<void>;
}

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const pingType = 6;

/** Connects to a server, such as `127.0.0.1:50051`, and sends what begins a connection of HTTP/2. */
export async function connectFrameSocket(address: string): Promise<FrameSocket> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = createConnection(Number(port), hostname);
  let received = Buffer.alloc(0);
  socket.on("data", (piece: Buffer) => (received = Buffer.concat([received, piece])));
  socket.on("error", () => undefined); // a server may well cut a connection like this
  await once(socket, "connect");
  const write = (type: number, flags: number, streamId: number, payload: Uint8Array = new Uint8Array()) => {
    socket.write(Buffer.concat([frameHeader(payload.length, type, flags, streamId), payload]));
  };
  socket.write(preface);
  write(frameTypes.settings, frameFlags.none, 0);
  return {
    frame: write,
    headers: (streamId, headers, flags = frameFlags.endHeaders) => {
      write(frameTypes.headers, flags, streamId, Buffer.concat(headers.map(literalHeader)));
    },
    async settled() {
      const before = received.length;
      const isAnswered = () => hasPingAnswer(received.subarray(before));
      write(pingType, frameFlags.none, 0, Buffer.alloc(8));
      while (!socket.closed && !isAnswered()) {
        await Promise.race([once(socket, "data"), once(socket, "close")]);
      }
    },
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

function hasPingAnswer(bytes: Buffer): boolean {
  for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) {
    if (bytes.readUInt8(at + 3) === pingType && bytes.readUInt8(at + 4) === 1) {
      return true;
    }
  }
  return false;
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
