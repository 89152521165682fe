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

  /** Shows the message to the hooks in turn. Waits only for hooks that do. */
  run(message: unknown): void | Promise<void> {
    let index = 0;
    for (const hook of this.#hooks) {
      index++;
      const shown = hook(message);
      if (shown !== undefined) {
        return this.#runRest(message, shown, index);
      }
    }
  }

  async #runRest(message: unknown, shown: Promise<void>, index: number): Promise<void> {
    await shown;
    for (const hook of this.#hooks.slice(index)) {
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
