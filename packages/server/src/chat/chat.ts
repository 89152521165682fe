import { errors } from "@rollcall/contracts/user/v1/error_reason.errors";
import { type ChatMessage, ChatMessageKind } from "@rollcall/contracts/user/v1/user";
import { callerOf } from "@rollcall/interceptors/server/caller";
import type { ServerCall } from "@rollcall/rpc";
import { v7 as uuidv7 } from "uuid";
import { renewCaller } from "../access/live-authorization.js";
import { permissionDenied } from "../services/errors.js";
import type { StoredMessage } from "../storage/message.js";
import { type ChatText, parseChatText, toChatMessage } from "./chat-text.js";
import { MessageQueue } from "./message-queue.js";
import type { Listener } from "./room.js";
import type { EnteredRoom, Rooms } from "./rooms.js";

const maxQueued = 1_024;

/**
 * One client's part in a chat: what it sends is stored in the room of its first message, and every message of that room
 * comes back, its own included. Ends when the client has half-closed and its own messages have come back.
 */
export async function* chat(
  requests: AsyncIterable<ChatMessage>,
  rooms: Rooms,
  call: ServerCall,
): AsyncGenerator<ChatMessage, void> {
  const source = requests[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done === true) {
    return;
  }
  const author = callerOf(call)?.subject ?? "";
  const opening = parseChatText(ownMessage(first.value, author), undefined);
  const queue = new MessageQueue<StoredMessage>(maxQueued);
  const hear = (message: StoredMessage) => {
    if (!queue.push(message)) {
      call.abort(errors.slowConsumer({ room: opening.room, limit: maxQueued }));
    }
  };
  const stop = () => {
    queue.fail(call.signal.reason);
  };
  const room = await rooms.enter(opening.room, hear);
  try {
    call.signal.throwIfAborted();
    call.signal.addEventListener("abort", stop);
    const texts = textsOf(source, opening, call);
    sendAll(texts, room, hear).then(
      () => {
        queue.end(); // by now everything that was sent is in it
      },
      (error: unknown) => {
        queue.fail(error);
      },
    );
    for await (const message of queue) {
      yield toChatMessage(message);
    }
  } finally {
    call.signal.removeEventListener("abort", stop);
    room.leave();
  }
}

/** What the client sends into its room. What renews its credentials is heeded, and nobody else hears of it. */
async function* textsOf(
  source: AsyncIterator<ChatMessage>,
  opening: ChatText,
  call: ServerCall,
): AsyncGenerator<ChatText, void> {
  yield opening;
  for (let next = await source.next(); next.done !== true; next = await source.next()) {
    if (next.value.kind === ChatMessageKind.CHAT_MESSAGE_KIND_RENEW) {
      await renewCaller(call, next.value.accessToken);
    } else {
      yield parseChatText(ownMessage(next.value, callerOf(call)?.subject ?? ""), opening.room);
    }
  }
}

/** Stores what the client sends, one message after the other. */
async function sendAll(texts: AsyncIterable<ChatText>, room: EnteredRoom, hear: Listener): Promise<void> {
  for await (const text of texts) {
    await send(text, room, hear);
  }
}

/**
 * The message in its author's name. Callers who did not have to say who they are may write in any.
 *
 * @throws StatusError `PERMISSION_DENIED` for a message in somebody else's.
 */
function ownMessage(message: ChatMessage, author: string): ChatMessage {
  if (author === "" || message.userId === author) {
    return message;
  }
  if (message.userId !== "") {
    throw permissionDenied();
  }
  return { ...message, userId: author };
}

async function send(text: ChatText, room: EnteredRoom, hear: Listener): Promise<void> {
  const { userId, content } = text;
  const messageId = text.messageId === "" ? uuidv7() : text.messageId;
  const stored = await room.append({ userId, content, messageId });
  if (stored.sequence <= room.enteredAt) {
    hear(stored); // sent again after its echo was lost: nobody else needs to hear it twice
  }
}
