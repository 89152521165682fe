import type { Responses } from "./client.js";
import { ClientCall } from "./client-call.js";
import { createDeferred } from "./deferred.js";
import { Status } from "./status.js";
import { StatusError } from "./status-error.js";

/** A call whose responses are streamed: its reader takes them one by one, while the interceptors await the end. */
export class StreamingCall extends ClientCall {
  readonly #source = createDeferred<AsyncIterator<unknown>>();
  readonly #sourceEnd = createDeferred<undefined>();
  #opened: AsyncIterator<unknown> | undefined;

  /**
   * Offers the responses of what `open` starts to the reader. Settles when they have ended, the way they ended.
   *
   * @throws Error when an interceptor calls `next` again: what the reader has seen cannot be taken back.
   */
  async forward(open: () => AsyncIterator<unknown>): Promise<void> {
    if (this.#opened !== undefined) {
      throw new Error(`next was called again for ${this.method.path}; where responses are streamed it runs once`);
    }
    this.#opened = open();
    this.#source.resolve(this.#opened);
    await this.#sourceEnd.promise;
  }

  /** Starts the call through `run`, and gives its reader the responses. The reader hears of the end after `run` has. */
  start(run: (call: this) => Promise<void>): Responses<unknown> {
    const end = this.#run(run);
    end.catch(() => undefined); // the reader hears of it
    const stop = () => this.#stop();
    const responses: Responses<unknown> = {
      next: () => this.#next(end),
      return: stop,
      [Symbol.asyncIterator]: () => responses,
      [Symbol.asyncDispose]: async () => {
        await stop();
      },
    };
    return responses;
  }

  /** Runs the call. Where an interceptor ended it before it reached the server, the reader gets what it answered. */
  async #run(run: (call: this) => Promise<void>): Promise<void> {
    try {
      await run(this);
      this.#source.resolve(iterate(this.response));
    } catch (error) {
      this.#source.reject(error);
      throw error;
    }
  }

  async #next(end: Promise<void>): Promise<IteratorResult<unknown, undefined>> {
    const source = this.#opened ?? (await this.#source.promise);
    try {
      const result = await source.next();
      if (result.done !== true) {
        if (!this.responseHooks.isEmpty) {
          await this.responseHooks.run(result.value);
        }
        return result;
      }
      this.#sourceEnd.resolve(undefined);
    } catch (error) {
      this.#sourceEnd.reject(error);
      await source.return?.();
    }
    await end;
    return { done: true, value: undefined };
  }

  async #stop(): Promise<IteratorResult<unknown, undefined>> {
    this.#sourceEnd.reject(new StatusError(Status.CANCELLED, "the reader stopped before the last response"));
    const source = await this.#source.promise.catch(() => undefined);
    await source?.return?.();
    return { done: true, value: undefined };
  }
}

async function* iterate(response: unknown): AsyncGenerator<unknown, void> {
  if (response !== undefined) {
    // `respond` asks for an iterable where responses are streamed.
    yield* response as AsyncIterable<unknown> | Iterable<unknown>;
  }
}
