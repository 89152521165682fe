import type { MessageDraft, StoredMessage } from "../storage/message.js";

interface Waiting {
  readonly draft: MessageDraft;
  readonly resolve: (message: StoredMessage) => void;
  readonly reject: (reason: unknown) => void;
}

const maxBatch = 256;

/**
 * Gathers the messages that arrive while others are being stored, and stores them together: a commit costs the same
 * for one message and for many.
 */
export class AppendQueue {
  readonly #store: (drafts: readonly MessageDraft[]) => Promise<StoredMessage[]>;
  readonly #waiting: Waiting[] = [];
  #storing = false;

  /**
   * @param store - Stores drafts in order, all or none, and answers with a message for each.
   */
  constructor(store: (drafts: readonly MessageDraft[]) => Promise<StoredMessage[]>) {
    this.#store = store;
  }

  append(draft: MessageDraft): Promise<StoredMessage> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ draft, resolve, reject });
      if (!this.#storing) {
        void this.#storeAll();
      }
    });
  }

  async #storeAll(): Promise<void> {
    this.#storing = true;
    while (this.#waiting.length > 0) {
      await this.#storeBatch(this.#waiting.splice(0, maxBatch));
    }
    this.#storing = false;
  }

  async #storeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const messages = await this.#store(batch.map(({ draft }) => draft));
      batch.forEach(({ resolve, reject }, index) => {
        const message = messages[index];
        if (message === undefined) {
          reject(new Error("the store answered fewer messages than it was given"));
        } else {
          resolve(message);
        }
      });
    } catch (error) {
      batch.forEach(({ reject }) => {
        reject(error);
      });
    }
  }
}
