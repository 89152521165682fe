import type { Kysely, Selectable } from "kysely";
import { numberDrafts } from "./number-drafts.js";
import type { MessageDraft, RoomHead, StoredMessage } from "./message.js";
import type { SqlVariant } from "./database.js";
import type { RunQuery } from "./run-query.js";
import type { MessagesTable, Tables } from "./tables.js";

/** The messages of every chat room. */
export interface MessageLog {
  /**
   * Stores messages at the end of a room, in the order given, all of them or none. A draft whose `messageId` the room
   * has already comes back as the message stored first.
   *
   * @returns a message for every draft, at the same position
   */
  append(room: string, drafts: readonly MessageDraft[]): Promise<StoredMessage[]>;

  /** At most `limit` messages of a room that follow `sequence`, in order. A sequence below 1 reads from the beginning. */
  after(room: string, sequence: bigint, limit: number): Promise<StoredMessage[]>;

  /** How far a room has come, or `undefined` when it has no message yet. */
  head(room: string): Promise<RoomHead | undefined>;
}

/** What {@link createMessageLog} needs. */
export interface MessageLogOptions {
  /** Runs statements that stand alone and only read. */
  readonly read: RunQuery;
  /** Runs one transaction. */
  readonly write: RunQuery;
  readonly variant: SqlVariant;
  /** Current time in milliseconds since the epoch. */
  readonly now: () => number;
  /** Makes the random id of a new room's history. */
  readonly createEpoch: () => string;
}

const messageColumns = ["room", "sequence", "message_id", "user_id", "content", "created_at"] as const;

/** Rows in one statement: far below the 65,535 parameters that a statement may have. */
const maxInsertRows = 500;

/** Makes the log of every room. */
export function createMessageLog({ read, write, variant, now, createEpoch }: MessageLogOptions): MessageLog {
  async function appendIn(db: Kysely<Tables>, room: string, drafts: readonly MessageDraft[]): Promise<StoredMessage[]> {
    const head = await lockRoom(db, room, createEpoch());
    const numbered = numberDrafts({
      room,
      head,
      drafts,
      stored: await findByIds(db, room, drafts),
      createdAtMs: now(),
    });
    for (let start = 0; start < numbered.added.length; start += maxInsertRows) {
      const rows = numbered.added.slice(start, start + maxInsertRows);
      await db.insertInto("messages").values(rows).execute();
    }
    await db.updateTable("rooms").set({ head: numbered.head }).where("room", "=", room).execute();
    return numbered.all.map(fromMessageRow);
  }

  async function findByIds(db: Kysely<Tables>, room: string, drafts: readonly MessageDraft[]) {
    const ids = drafts.map((draft) => draft.messageId).filter((id) => id !== undefined);
    if (ids.length === 0) {
      return [];
    }
    const query = db.selectFrom("messages").select(messageColumns).where("room", "=", room);
    return await query.where(variant.isAnyOf("message_id", ids)).execute();
  }

  return {
    async append(room, drafts) {
      return drafts.length === 0 ? [] : await write((db) => appendIn(db, room, drafts));
    },

    async after(room, sequence, limit) {
      const rows = await read((db) =>
        db
          .selectFrom("messages")
          .select(messageColumns)
          .where("room", "=", room)
          .where("sequence", ">", toColumn(sequence))
          .orderBy("sequence")
          .limit(limit)
          .execute(),
      );
      return rows.map(fromMessageRow);
    },

    async head(room) {
      const row = await read((db) =>
        db.selectFrom("rooms").select(["epoch", "head"]).where("room", "=", room).executeTakeFirst(),
      );
      return row && { epoch: row.epoch, sequence: BigInt(row.head) };
    },
  };
}

/**
 * Creates the room when it is new, and keeps every other transaction from numbering its messages until this one ends:
 * also an update that changes nothing locks the row.
 *
 * @returns the highest sequence in use
 */
async function lockRoom(db: Kysely<Tables>, room: string, epoch: string): Promise<number> {
  const row = await db
    .insertInto("rooms")
    .values({ room, epoch, head: 0 })
    .onConflict((conflict) => conflict.column("room").doUpdateSet((column) => ({ head: column.ref("rooms.head") })))
    .returning("head")
    .executeTakeFirstOrThrow();
  return row.head;
}

function fromMessageRow(row: Selectable<MessagesTable>): StoredMessage {
  return {
    room: row.room,
    sequence: BigInt(row.sequence),
    messageId: row.message_id ?? undefined,
    userId: row.user_id,
    content: row.content,
    createdAt: new Date(row.created_at),
  };
}

/** Sequences begin at 1 and no room reaches 2^53, so that the drivers may read them as numbers; only a caller names others. */
function toColumn(sequence: bigint): number {
  if (sequence < 0n) {
    return 0;
  }
  return sequence > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(sequence);
}
