import type { MessageDraft, StoredMessage } from "../storage/message.js";
import type { MessageLog } from "../storage/message-log.js";
import { AppendQueue } from "./append-queue.js";

/** Receives the messages of a room in order. */
export type Listener = (message: StoredMessage) => void;

const messagesPerRead = 500;

/**
 * A room as long as somebody is in it: what is stored is handed on to everyone in the order of its sequence.
 *
 * The log is the only truth. A message that was stored here is handed on at once if it is the next one; whenever it is
 * not, because another server stored some in between, the room reads on from where it is.
 */
export class Room {
  readonly #name: string;
  readonly #log: MessageLog;
  readonly #appends: AppendQueue;
  readonly #listeners = new Set<Listener>();
  #entering = 0;
  #delivered: bigint | undefined;
  #catchingUp: Promise<void> | undefined;

  constructor(name: string, log: MessageLog) {
    this.#name = name;
    this.#log = log;
    this.#appends = new AppendQueue((drafts) => this.#store(drafts));
  }

  /** Whether nobody is in the room or about to be. */
  get isEmpty(): boolean {
    return this.#listeners.size === 0 && this.#entering === 0;
  }

  /**
   * Hands every message that is stored from now on to the listener, until it leaves.
   *
   * @returns the sequence after which the listener hears everything.
   */
  async enter(listener: Listener): Promise<bigint> {
    this.#entering += 1;
    try {
      await this.#open();
    } finally {
      this.#entering -= 1;
    }
    // In one turn with the answer, or the listener could hear a message that counts as one from before.
    this.#listeners.add(listener);
    return this.#position;
  }

  leave(listener: Listener): void {
    this.#listeners.delete(listener);
  }

  /** Stores a message. It is with every listener when the promise resolves. */
  append(draft: MessageDraft): Promise<StoredMessage> {
    return this.#appends.append(draft);
  }

  /** Hands on what other servers have stored. */
  catchUp(): Promise<void> {
    this.#catchingUp ??= this.#readOn().finally(() => {
      this.#catchingUp = undefined;
    });
    return this.#catchingUp;
  }

  async #open(): Promise<void> {
    if (this.#delivered === undefined) {
      const head = await this.#log.head(this.#name);
      this.#delivered ??= head?.sequence ?? 0n;
    }
  }

  async #store(drafts: readonly MessageDraft[]): Promise<StoredMessage[]> {
    const stored = await this.#log.append(this.#name, drafts);
    stored.forEach((message) => {
      this.#deliver(message);
    });
    while (stored.some(({ sequence }) => sequence > this.#position)) {
      await this.catchUp(); // again, when the reading had begun before the storing ended
    }
    return stored;
  }

  async #readOn(): Promise<void> {
    for (;;) {
      const messages = await this.#log.after(this.#name, this.#position, messagesPerRead);
      messages.forEach((message) => {
        this.#deliver(message);
      });
      if (messages.length < messagesPerRead) {
        return;
      }
    }
  }

  /** Hands a message on if it is the next one, so that a message met twice is heard once. */
  #deliver(message: StoredMessage): void {
    if (message.sequence === this.#position + 1n) {
      this.#delivered = message.sequence;
      for (const listener of this.#listeners) {
        listener(message);
      }
    }
  }

  /** The sequence up to which everything was handed on. */
  get #position(): bigint {
    return this.#delivered ?? 0n;
  }
}
