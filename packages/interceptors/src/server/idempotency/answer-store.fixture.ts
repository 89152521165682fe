import type { AnyMessageType } from "@rollcall/rpc";
import type { Answers, IdempotentRequest, RequestKey, StoredAnswer } from "./idempotency.js";

/** Answers in memory, as a handler stores them in a transaction. */
export class AnswerStore implements Answers {
  /** What was looked up. */
  readonly lookups: RequestKey[] = [];
  readonly #answers = new Map<string, StoredAnswer>();

  async find(key: RequestKey): Promise<StoredAnswer | undefined> {
    this.lookups.push(key);
    return Promise.resolve(this.#answers.get(idOf(key)));
  }

  /** Commits an effect with its answer; throws when the request has had its effect. */
  commit<T extends AnyMessageType>(
    { key, fingerprint }: IdempotentRequest,
    type: T,
    answer: Parameters<T["encode"]>[0],
  ): void {
    if (this.#answers.has(idOf(key))) {
      throw new Error("the request has taken effect before");
    }
    this.#answers.set(idOf(key), { fingerprint, answer: type.encode(answer).finish() });
  }
}

function idOf({ caller, method, requestId }: RequestKey): string {
  return JSON.stringify([caller, method, requestId]);
}
