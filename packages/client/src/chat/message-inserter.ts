import { createDeferred, type Deferred } from "@rollcall/rpc/grpc";

type Result<T> = IteratorResult<T, undefined>;

/** What is told to whoever inserts messages. */
export interface InserterListener {
  /** The first of the stream's own messages has been taken: others may follow it. */
  readonly begun: () => void;
  /** No more messages are taken. */
  readonly ended: () => void;
}

/**
 * A stream of messages into which others are inserted: ahead of the next of its own, or at once where that is still waited
 * for. It takes its own messages as they are asked for, one at a time.
 */
export class MessageInserter<T> implements AsyncIterator<T, undefined> {
  readonly #own: AsyncIterator<T> | Iterator<T>;
  readonly #listener: InserterListener;
  #hasBegun = false;
  #isAsked = false;
  #ownResult: Result<T> | undefined;
  #inserted: T | undefined;
  #failure: { readonly error: unknown } | undefined;
  #waiting: Deferred<Result<T>> | undefined;

  constructor(messages: AsyncIterable<T> | Iterable<T>, listener: InserterListener) {
    this.#own = Symbol.asyncIterator in messages ? messages[Symbol.asyncIterator]() : messages[Symbol.iterator]();
    this.#listener = listener;
  }

  /** Inserts a message, in place of the one inserted before where that has not been taken yet. */
  insert(message: T): void {
    this.#inserted = message;
    this.#deliver();
  }

  /** Has the stream fail, once what was inserted has been taken. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#deliver();
  }

  /** The next message. Not asked for again before it is there. */
  next(): Promise<Result<T>> {
    const waiting = createDeferred<Result<T>>();
    this.#waiting = waiting;
    if (!this.#deliver() && !this.#isAsked) {
      this.#askOwn();
    }
    return waiting.promise;
  }

  /**
   * Takes no more messages, also where one is waited for. Does not wait for the stream to end: a generator ends no sooner than
   * what it waits for.
   */
  async return(): Promise<Result<T>> {
    const end: Result<T> = { done: true, value: undefined };
    this.#listener.ended();
    this.#give(end);
    void this.#stopOwn();
    return end;
  }

  async #stopOwn(): Promise<void> {
    try {
      await this.#own.return?.();
    } catch {
      // What the stream has to say to its end concerns nobody any more.
    }
  }

  #askOwn(): void {
    this.#isAsked = true;
    const ask = async () => this.#own.next();
    ask().then(
      (result) => {
        this.#isAsked = false;
        this.#ownResult = result.done === true ? { done: true, value: undefined } : result;
        this.#deliver();
      },
      (error: unknown) => {
        this.fail(error);
      },
    );
  }

  /** Answers whoever waits, if there is something to answer. */
  #deliver(): boolean {
    if (this.#waiting === undefined) {
      return false;
    }
    if (this.#inserted !== undefined) {
      this.#giveInserted(this.#inserted);
    } else if (this.#failure !== undefined) {
      this.#listener.ended();
      this.#waiting.reject(this.#failure.error);
      this.#waiting = undefined;
    } else if (this.#ownResult !== undefined) {
      this.#giveOwn(this.#ownResult);
    } else {
      return false;
    }
    return true;
  }

  #giveInserted(value: T): void {
    this.#inserted = undefined;
    this.#give({ done: false, value });
  }

  #giveOwn(result: Result<T>): void {
    this.#ownResult = undefined;
    this.#give(result);
    if (result.done === true) {
      this.#listener.ended();
    } else if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#listener.begun();
    }
  }

  #give(result: Result<T>): void {
    this.#waiting?.resolve(result);
    this.#waiting = undefined;
  }
}
