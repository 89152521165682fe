import { LRUCache } from "lru-cache";

/** How many answers are kept, by whose clock. */
export interface AnswersOptions {
  /** Beyond it, those that were not asked for the longest are forgotten. */
  readonly max: number;
  /** Current time in milliseconds since the epoch. */
  readonly now: () => number;
}

interface Answer<T> {
  readonly value: T;
  readonly untilMs: number;
}

/** Answers to questions that are dear to ask, kept for a while. Whoever asks what is being asked already shares the answer. */
export class Answers<T> {
  readonly #known: LRUCache<string, Answer<T>>;
  readonly #asked = new Map<string, Promise<T>>();
  readonly #now: () => number;

  constructor({ max, now }: AnswersOptions) {
    this.#known = new LRUCache({ max });
    this.#now = now;
  }

  /** The answer, while it holds. */
  recall(question: string): T | undefined {
    const answer = this.#known.get(question);
    if (answer === undefined || this.#now() < answer.untilMs) {
      return answer?.value;
    }
    this.#known.delete(question);
    return undefined;
  }

  /** Keeps an answer, at most until `untilMs`. */
  keep(question: string, value: T, untilMs: number): void {
    this.#known.set(question, { value, untilMs });
  }

  /** Asks, unless the same is being asked already. */
  ask(question: string, ask: () => Promise<T>): Promise<T> {
    const asked = this.#asked.get(question);
    if (asked !== undefined) {
      return asked;
    }
    const answer = ask().finally(() => this.#asked.delete(question));
    this.#asked.set(question, answer);
    return answer;
  }

  /** Forgets the answers that match. */
  forget(matches: (value: T) => boolean): void {
    for (const [question, { value }] of this.#known) {
      if (matches(value)) {
        this.#known.delete(question);
      }
    }
  }

  clear(): void {
    this.#known.clear();
  }
}
