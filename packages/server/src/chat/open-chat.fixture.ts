import type { ChatMessage } from "@rollcall/contracts/user/v1/user";
import type { CallOptions, MessageInit } from "@rollcall/rpc";
import type { UserClient } from "../services/user-service.fixture.js";
import { MessageQueue } from "./message-queue.js";

/** One client's stream, which says what it is told to and reads when it is asked to. */
export interface OpenChat {
  /** Sends a message and waits for nothing. */
  send(message: MessageInit<ChatMessage>): void;
  /** The next message that comes. */
  next(): Promise<ChatMessage>;
  /** The next messages that come. */
  take(count: number): Promise<ChatMessage[]>;
  /** Sends a text and waits for the next message, which is its echo where nobody else says anything. */
  say(content: string): Promise<ChatMessage>;
  /** Half-closes, and answers what still comes before the end. */
  end(): Promise<ChatMessage[]>;
  /** Breaks the stream off. */
  leave(): Promise<void>;
}

/** Opens a stream whose messages go where `defaults` say, unless they say otherwise themselves. */
export function openChat(
  client: UserClient,
  defaults: MessageInit<ChatMessage> = {},
  options: CallOptions = {},
): OpenChat {
  const outbox = new MessageQueue<MessageInit<ChatMessage>>(Infinity);
  const responses = client.chat(outbox, options);

  const next = async () => {
    const result = await responses.next();
    if (result.done === true) {
      throw new Error("the stream ended");
    }
    return result.value;
  };
  const send = (message: MessageInit<ChatMessage>) => {
    outbox.push({ ...defaults, ...message });
  };

  return {
    send,
    next,

    async take(count) {
      const messages = [];
      while (messages.length < count) {
        messages.push(await next());
      }
      return messages;
    },

    say(content) {
      send({ content });
      return next();
    },

    async end() {
      outbox.end();
      const messages = [];
      for await (const message of responses) {
        messages.push(message);
      }
      return messages;
    },

    async leave() {
      outbox.end();
      await responses.return();
    },
  };
}
