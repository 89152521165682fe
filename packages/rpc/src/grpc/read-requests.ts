import type { Readable } from "node:stream";
import { MessageReader } from "./message-reader.js";

/**
 * The requests of a call, as they are asked for.
 *
 * @param signal - Ends them with its reason.
 * @param open - Makes a request of what grpc-js delivers.
 */
export function readRequests(
  stream: Readable,
  signal: AbortSignal,
  open: (chunk: unknown) => unknown,
): AsyncIterable<unknown> {
  const reader = new MessageReader(stream, () => stream.resume(), open);
  const fail = () => {
    reader.fail(signal.reason);
  };
  stream.once("end", () => {
    reader.end();
  });
  signal.addEventListener("abort", fail);
  if (signal.aborted) {
    fail();
  }
  return reader;
}
