import { BinaryWriter } from "@bufbuild/protobuf/wire";
import type { MessageType } from "../message.js";

/** The state that every BinaryWriter has, and that its types keep private. */
interface WriterState {
  buffer: Uint8Array;
  pos: number;
}

const scratchBytes = 256 * 1024;
const scratch = new Uint8Array(scratchBytes);
const keptViews = 1024;
const views: (Buffer | undefined)[] = new Array<undefined>(keptViews).fill(undefined);
let idleWriter: BinaryWriter | undefined;

/**
 * Writes messages into one buffer that all share, and answers with a view of it.
 *
 * The view holds until the next message is encoded: for grpc-js's server, which copies it at once, and for nobody else.
 */
export function encodeToView<T>(type: MessageType<T>): (message: T) => Buffer {
  return (message) => {
    const writer = idleWriter ?? createScratchWriter();
    idleWriter = undefined; // one that fails half-way through a message is left with it
    type.encode(message, writer);
    const state = stateOf(writer);
    if (state.buffer !== scratch) {
      return Buffer.from(state.buffer.buffer, state.buffer.byteOffset, state.pos); // too large a writer to keep
    }
    const view = viewOf(state.pos);
    state.pos = 0;
    idleWriter = writer;
    return view;
  };
}

function viewOf(bytes: number): Buffer {
  if (bytes >= keptViews) {
    return Buffer.from(scratch.buffer, 0, bytes);
  }
  return (views[bytes] ??= Buffer.from(scratch.buffer, 0, bytes));
}

/** Writes messages into memory of their own, for whoever keeps them: grpc-js's client holds requests to repeat them. */
export function encodeToOwn<T>(type: MessageType<T>): (message: T) => Buffer {
  const encode = encodeToView(type);
  return (message) => {
    const view = encode(message);
    return view.buffer === scratch.buffer ? Buffer.from(view) : view;
  };
}

function createScratchWriter(): BinaryWriter {
  const writer = new BinaryWriter();
  stateOf(writer).buffer = scratch;
  return writer;
}

function stateOf(writer: BinaryWriter): WriterState {
  // BinaryWriter offers its bytes only as a copy (`finish`). grpc-js makes the copy that goes to the socket itself, so this
  // one would be for nothing: a tenth of what a small call costs. The version is pinned and a test compares the bytes.
  return writer as unknown as WriterState;
}
