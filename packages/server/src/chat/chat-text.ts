import { errors } from "@rollcall/contracts/user/v1/error_reason.errors";
import { ChatMessage, ChatMessageKind } from "@rollcall/contracts/user/v1/user";
import { invalidRequest } from "../services/errors.js";
import type { StoredMessage } from "../storage/message.js";

/** A text that a client sends into a room. */
export interface ChatText {
  readonly room: string;
  readonly userId: string;
  readonly content: string;
  /** Empty when the sender chose none. */
  readonly messageId: string;
}

const defaultRoom = "lobby";
const directPrefix = "dm:";

/**
 * The text that a chat message carries, which keeps the rules of the contract.
 *
 * @param room - The room that the stream is in already, if it is in one.
 * @throws StatusError `UNIMPLEMENTED` if it carries something else, `INVALID_ARGUMENT` if it names another
 *   room, `PERMISSION_DENIED` if the room belongs to others.
 */
export function parseChatText(message: ChatMessage, room: string | undefined): ChatText {
  if (message.kind !== ChatMessageKind.CHAT_MESSAGE_KIND_UNSPECIFIED) {
    throw errors.messageKindUnsupported({ kind: kindName(message.kind) });
  }
  const { userId, content, messageId, room: named } = message;
  const target = named === "" ? (room ?? defaultRoom) : named;
  if (room !== undefined && target !== room) {
    throw invalidRequest([
      { field: "room", description: `must be ${JSON.stringify(room)}, where the stream is, or empty` },
    ]);
  }
  if (!mayEnter(target, userId)) {
    throw errors.roomForbidden({ room: target });
  }
  return { room: target, userId, content, messageId };
}

/** A stored message as clients see it. */
export function toChatMessage(stored: StoredMessage): ChatMessage {
  return ChatMessage.fromPartial({
    userId: stored.userId,
    content: stored.content,
    timestamp: stored.createdAt,
    room: stored.room,
    sequence: stored.sequence,
    messageId: stored.messageId ?? "",
  });
}

/** A room `dm:<id>:<id>` admits the two it names, any other room everybody. */
function mayEnter(room: string, userId: string): boolean {
  if (!room.startsWith(directPrefix)) {
    return true;
  }
  const members = room.slice(directPrefix.length).split(":");
  return members.length === 2 && userId !== "" && members.includes(userId);
}

function kindName(kind: number): string {
  return ChatMessageKind[kind]?.replace("CHAT_MESSAGE_KIND_", "") ?? String(kind);
}
