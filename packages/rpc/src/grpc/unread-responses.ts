import { constants, type ServerHttp2Stream } from "node:http2";
import type * as grpc from "@grpc/grpc-js";
import { progressOf } from "./stream-progress.js";

/** How much may wait for clients to read it, and for how long. */
export interface UnreadResponsesOptions {
  /** Bytes of all connections together. */
  readonly maxBytes: number;
  /** How long a client may read nothing, in milliseconds. A large message has longer. */
  readonly maxStallMs: number;
  /** Milliseconds that never run backwards. Defaults to `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/** What each server's clients have not read. */
export const unreadResponsesOf = new WeakMap<grpc.Server, UnreadResponses>();

/** The part of a stream that says what waits in it. */
export type UnreadStream = Pick<ServerHttp2Stream, "writableLength" | "close">;

interface Watched {
  bytes: number;
  progress: number;
  /** Since when nothing was read. */
  sinceMs: number;
}

const sweepMs = 1_000;
const countMs = 5;
/** How long what waits is left alone where there is too much of it. */
const patienceMs = 2_000;
const slowestBytesPerMs = 16;

/**
 * Bounds the responses that wait in memory for clients who do not read them: how long each waits, and how much all of them
 * are together. Whoever reads nothing is reset with `ENHANCE_YOUR_CALM`, which clients know as `RESOURCE_EXHAUSTED`.
 */
export class UnreadResponses {
  readonly #maxBytes: number;
  readonly #maxStallMs: number;
  readonly #now: () => number;
  readonly #streams = new Map<UnreadStream, Watched>();
  #sweeping: NodeJS.Timeout | undefined;
  #bytes = 0;
  #countedAtMs = -Infinity;

  constructor({ maxBytes, maxStallMs, now = () => performance.now() }: UnreadResponsesOptions) {
    this.#maxBytes = maxBytes;
    this.#maxStallMs = maxStallMs;
    this.#now = now;
  }

  /** Watches a stream until {@link forget} is called for it. */
  watch(stream: UnreadStream): void {
    this.#streams.set(stream, { bytes: 0, progress: 0, sinceMs: 0 });
    this.#sweeping ??= setInterval(() => {
      this.sweep();
    }, sweepMs).unref();
  }

  forget(stream: UnreadStream): void {
    this.#streams.delete(stream);
  }

  /** Whether there is no room for another large response. Makes room first, at the cost of those who read nothing. */
  isFull(): boolean {
    if (this.#countedAtMs + countMs <= this.#now()) {
      this.#count();
    }
    if (this.#bytes > this.#maxBytes) {
      this.#reset(patienceMs, 0);
    }
    return this.#bytes > this.#maxBytes;
  }

  /** Notes what was just sent, ahead of the next count. */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Resets those who have read nothing for too long. */
  sweep(): void {
    this.#count();
    this.#reset(this.#maxStallMs, slowestBytesPerMs);
    if (this.#streams.size === 0) {
      clearInterval(this.#sweeping);
      this.#sweeping = undefined;
    }
  }

  #count(): void {
    const nowMs = this.#now();
    this.#countedAtMs = nowMs;
    this.#bytes = 0;
    for (const [stream, watched] of this.#streams) {
      const { writableLength } = stream;
      this.#bytes += writableLength;
      const progress = progressOf(stream);
      if (writableLength === 0 || writableLength !== watched.bytes || progress !== watched.progress) {
        watched.bytes = writableLength;
        watched.progress = progress;
        watched.sinceMs = nowMs;
      }
    }
  }

  #reset(afterMs: number, bytesPerMs: number): void {
    const nowMs = this.#now();
    for (const [stream, { bytes, sinceMs }] of this.#streams) {
      const allowedMs = afterMs + (bytesPerMs === 0 ? 0 : bytes / bytesPerMs);
      if (bytes > 0 && nowMs - sinceMs >= allowedMs) {
        this.#streams.delete(stream);
        this.#bytes -= bytes;
        stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
      }
    }
  }
}
