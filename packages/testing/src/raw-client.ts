import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from "node:http2";

/** What a server answered, as it stood on the wire. */
export interface RawAnswer {
  /** The status of HTTP: 200 for whatever gRPC itself has to say. Undefined when the stream ended without one. */
  readonly httpStatus: number | undefined;
  /** The status of gRPC, from header or trailer. Undefined when there was none. */
  readonly grpcStatus: number | undefined;
  /** The text that came with it, decoded. */
  readonly grpcMessage: string | undefined;
  /** The frames of the responses, as they came. */
  readonly body: Buffer;
  readonly header: IncomingHttpHeaders;
  readonly trailer: IncomingHttpHeaders;
  /** The code of HTTP/2 with which the stream ended; 0 for a regular end. */
  readonly resetCode: number;
}

/** What to send beside, or in place of, what a well-behaved client sends. */
export interface RawRequest {
  /** Pieces of the body, written one after the other. Empty by default. */
  readonly body?: readonly Uint8Array[] | undefined;
  /** Headers to change or, with undefined, to leave out. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A client that sends whatever it is told, over HTTP/2 without TLS. For tests of what a server does with faulty requests. */
export interface RawClient extends AsyncDisposable {
  /** Sends one request, ends it and waits for the end of the answer. */
  call(path: string, request?: RawRequest): Promise<RawAnswer>;
}

/** Connects a raw client to a server, such as `127.0.0.1:50051`. */
export async function connectRawClient(address: string): Promise<RawClient> {
  const session = connect(`http://${address}`);
  await new Promise<void>((resolve, reject) => {
    session.once("connect", () => {
      resolve();
    });
    session.once("error", reject);
  });
  session.on("error", () => undefined); // each stream tells its own end
  return {
    call: (path, request = {}) => answerTo(session, path, request),
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        session.close(resolve);
      });
    },
  };
}

/** What a frame says of its message, where that is not to be the truth. */
export interface FrameClaims {
  readonly compressed?: boolean | undefined;
  readonly lengthBytes?: number | undefined;
}

/** Puts a message in the frame of gRPC. */
export function grpcFrame(message: Uint8Array, claims: FrameClaims = {}): Buffer {
  const { compressed = false, lengthBytes = message.length } = claims;
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt8(compressed ? 1 : 0, 0);
  frame.writeUInt32BE(lengthBytes, 1);
  frame.set(message, 5);
  return frame;
}

function answerTo(session: ClientHttp2Session, path: string, request: RawRequest): Promise<RawAnswer> {
  const headers: Record<string, string | undefined> = {
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
    ...request.headers,
  };
  const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  const stream = session.request(sent);
  for (const piece of request.body ?? []) {
    stream.write(piece);
  }
  stream.end();
  return readAnswer(stream);
}

function readAnswer(stream: ClientHttp2Stream): Promise<RawAnswer> {
  const pieces: Buffer[] = [];
  let header: IncomingHttpHeaders = {};
  let trailer: IncomingHttpHeaders = {};
  stream.on("response", (received) => {
    header = received;
  });
  stream.on("trailers", (received: IncomingHttpHeaders) => {
    trailer = received;
  });
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  stream.on("error", () => undefined); // its code is the stream's rstCode
  return new Promise((resolve) => {
    stream.once("close", () => {
      const field = (name: string) => trailer[name] ?? header[name];
      const numberOf = (name: string) => (field(name) === undefined ? undefined : Number(field(name)));
      const message = field("grpc-message");
      resolve({
        httpStatus: numberOf(":status"),
        grpcStatus: numberOf("grpc-status"),
        grpcMessage: message === undefined ? undefined : decodeURIComponent(String(message)),
        body: Buffer.concat(pieces),
        header,
        trailer,
        resetCode: stream.rstCode,
      });
    });
  });
}
