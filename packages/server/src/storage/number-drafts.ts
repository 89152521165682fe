import type { Selectable } from "kysely";
import type { MessageDraft } from "./message.js";
import type { MessagesTable } from "./tables.js";

type MessageRow = Selectable<MessagesTable>;

/** What {@link numberDrafts} works on. */
export interface NumberDraftsOptions {
  readonly room: string;
  /** The highest sequence in use. */
  readonly head: number;
  readonly drafts: readonly MessageDraft[];
  /** The room's messages that have an id of one of the drafts. */
  readonly stored: readonly MessageRow[];
  readonly createdAtMs: number;
}

/** Drafts that have become messages. */
export interface NumberedDrafts {
  /** The highest sequence in use from now on. */
  readonly head: number;
  /** The messages that are new. */
  readonly added: readonly MessageRow[];
  /** A message for every draft, new or stored before, at the same position. */
  readonly all: readonly MessageRow[];
}

/** Gives drafts the sequences after a room's head, and one sequence to all that share a message id. */
export function numberDrafts({ room, head, drafts, stored, createdAtMs }: NumberDraftsOptions): NumberedDrafts {
  const known = new Map(stored.map((row) => [row.message_id, row]));
  const added: MessageRow[] = [];
  const all = drafts.map((draft) => {
    const message_id = draft.messageId ?? null;
    const earlier = message_id === null ? undefined : known.get(message_id);
    if (earlier !== undefined) {
      return earlier;
    }
    const sequence = head + added.length + 1;
    const row = { room, sequence, message_id, user_id: draft.userId, content: draft.content, created_at: createdAtMs };
    known.set(message_id, row);
    added.push(row);
    return row;
  });
  return { head: head + added.length, added, all };
}
