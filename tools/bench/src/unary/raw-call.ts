import { once } from "node:events";
import { connect } from "node:http2";
import { Status } from "@rollcall/rpc";

/** How a call ended that was made without any gRPC library. */
export interface RawAnswer {
  /** The name of the status; undefined for none, and for one that gRPC does not know. */
  readonly status: string | undefined;
  /** The body, frames and all. */
  readonly body: Buffer;
}

/** Makes one call over a connection of its own. */
export async function rawCall(
  port: number,
  path: string,
  metadata: Readonly<Record<string, string>>,
  frame: Uint8Array,
): Promise<RawAnswer> {
  const session = connect(`http://127.0.0.1:${port}`);
  const stream = session.request({ ...metadata, ":method": "POST", ":path": path });
  let status: unknown;
  const chunks: Buffer[] = [];
  const readStatus = (fields: Readonly<Record<string, unknown>>) => (status = fields["grpc-status"] ?? status);
  stream.on("response", readStatus).on("trailers", readStatus);
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.end(frame);
  await once(stream, "close");
  session.destroy();
  return { status: Status[Number(status)], body: Buffer.concat(chunks) };
}
