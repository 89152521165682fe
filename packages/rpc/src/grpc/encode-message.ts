import { BinaryWriter } from "@bufbuild/protobuf/wire";
import type { MessageType } from "../message.js";

/** The state that every BinaryWriter has, and that its types keep private. */
interface WriterState {
  buffer: Uint8Array;
  pos: number;
}

const scratchBytes = 256 * 1024;
const scratch = Buffer.allocUnsafeSlow(scratchBytes);
const writer = new BinaryWriter();
// BinaryWriter offers its bytes only as a copy (`finish`). grpc-js makes the copy that goes to the socket itself, so this
// one would be for nothing: a tenth of what a small call costs. The version is pinned and a test compares the bytes.
const state = writer as unknown as WriterState;

/**
 * Writes messages into one buffer that all share, and answers with a view of it.
 *
 * The view holds until the next message is encoded: for grpc-js's server, which copies it at once, and for nobody else.
 */
export function encodeToView<T>(type: MessageType<T>): (message: T) => Buffer {
  return (message) => {
    state.buffer = scratch;
    state.pos = 0;
    type.encode(message, writer);
    return Buffer.from(state.buffer.buffer, state.buffer.byteOffset, state.pos);
  };
}

/** Writes messages into memory of their own, for whoever keeps them: grpc-js's client holds requests to repeat them. */
export function encodeToOwn<T>(type: MessageType<T>): (message: T) => Buffer {
  return (message) => {
    state.buffer = scratch;
    state.pos = 0;
    const bytes = type.encode(message, writer).finish();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
}
