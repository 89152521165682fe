import type { MessageHook } from "./call.js";
import { mapMessages } from "./map-messages.js";

/** The hooks of one direction of a call, in the order they were added. */
export class MessageHooks {
  readonly #hooks: MessageHook[] = [];

  get isEmpty(): boolean {
    return this.#hooks.length === 0;
  }

  add(hook: MessageHook): void {
    this.#hooks.push(hook);
  }

  async run(message: unknown): Promise<void> {
    for (const hook of this.#hooks) {
      await hook(message);
    }
  }

  /** The same messages, each shown to the hooks as it is taken. */
  watch(messages: AsyncIterable<unknown>): AsyncIterable<unknown> {
    if (this.isEmpty) {
      return messages;
    }
    return mapMessages(messages, async (message) => {
      await this.run(message);
      return message;
    });
  }
}
