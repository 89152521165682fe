import { setImmediate as nextTurn } from "node:timers/promises";
import type { Expression, ExpressionBuilder, Selectable, SqlBool } from "kysely";
import type { SqlVariant } from "./database.js";
import type { RunQuery } from "./run-query.js";
import { StoreError } from "./store-error.js";
import type { Tables, UsersTable } from "./tables.js";
import { deleteSessions } from "./identity/delete-sessions.js";
import type { RevocationWriter } from "./identity/revocations.js";
import { type NewUser, revokesTokens, type User, type UserChanges } from "./user.js";
import type { UserReader } from "./user-reader.js";
import { createUserReader } from "./user-reader.js";
import { fromUserRow, toUserColumns, toUserRow, userColumns } from "./user-row.js";

/** Which state of a user a change is meant for. */
interface UserCondition {
  /** The change is refused with `versionMismatch` when the user is at another version. Any version by default. */
  readonly version?: number | undefined;
}

/** Reads and changes users inside a unit of work. */
export interface UserWriter extends UserReader {
  /** Like {@link UserReader.find}, and nobody else can change the user before this unit of work ends. */
  findForUpdate(id: string): Promise<User | undefined>;

  /** @throws {@link StoreError} `emailTaken` */
  insert(user: NewUser): Promise<User>;

  /**
   * Inserts all of the users, in the order of their ids.
   *
   * @throws {@link StoreError} `emailTaken` with the `index` of the first user whose e-mail an earlier one of the batch, or a
   *   stored one, has
   */
  insertMany(users: readonly NewUser[]): Promise<User[]>;

  /**
   * Changes a user and counts its version up, even when no change is given.
   *
   * @returns the user as it is now
   * @throws {@link StoreError} `userNotFound`, `versionMismatch`, `emailTaken`
   */
  update(id: string, changes: UserChanges, condition?: UserCondition): Promise<User>;

  /** Replaces the hash of a password by another of the same password, unless the password has changed meanwhile. */
  rehash(id: string, oldHash: string, newHash: string): Promise<void>;

  /**
   * Deletes a user with all sessions.
   *
   * @throws {@link StoreError} `userNotFound`, `versionMismatch`
   */
  delete(id: string, condition?: UserCondition): Promise<void>;
}

/** What a {@link UserWriter} takes from its surroundings. */
export interface UserWriterOptions {
  /** Current time in milliseconds since the epoch. */
  readonly now: () => number;
  /** Makes the next UUIDv7. */
  readonly createId: () => string;
  /** Notes that tokens of a user stop counting, in the same unit of work. */
  readonly revoke: RevocationWriter["append"];
}

/** Rows made before the event loop gets a turn. */
const rowsPerTurn = 500;

/** Changes users by way of `run`, whose queries are steps of one transaction. */
export function createUserWriter(run: RunQuery, variant: SqlVariant, options: UserWriterOptions): UserWriter {
  const { now, createId, revoke } = options;
  const reader = createUserReader(run, variant);

  async function makeRows(users: readonly NewUser[]): Promise<Selectable<UsersTable>[]> {
    const nowMs = now();
    const rows: Selectable<UsersTable>[] = [];
    for (const user of users) {
      rows.push(toUserRow(user, createId(), nowMs));
      if (rows.length % rowsPerTurn === 0) {
        await nextTurn();
      }
    }
    return rows;
  }

  async function insertMany(users: readonly NewUser[]): Promise<User[]> {
    const rows = await makeRows(users);
    await run(async (db) => {
      const taken = await variant.insertUsers(db, rows);
      if (taken !== undefined) {
        throw new StoreError("emailTaken", `the e-mail of record ${taken} is taken`, { index: taken });
      }
    });
    return rows.map(fromUserRow);
  }

  /** Why a conditional statement met no row. */
  async function explainMiss(id: string, { version }: UserCondition): Promise<StoreError> {
    const user = await reader.find(id);
    return user === undefined
      ? new StoreError("userNotFound", `user "${id}" does not exist`)
      : new StoreError("versionMismatch", `user "${id}" is at version ${user.version}, not ${String(version)}`);
  }

  return {
    ...reader,
    insertMany,

    async findForUpdate(id) {
      const row = await run((db) =>
        db.selectFrom("users").select(userColumns).where("id", "=", id).modifyEnd(variant.rowLock).executeTakeFirst(),
      );
      return row && fromUserRow(row);
    },

    async insert(user) {
      const [inserted] = await insertMany([user]);
      if (inserted === undefined) {
        throw new StoreError("internal", "inserting a user returned none");
      }
      return inserted;
    },

    async update(id, changes, condition = {}) {
      const nowMs = now();
      const row = await run((db) =>
        db
          .updateTable("users")
          .set(toUserColumns(changes))
          .set((column) => ({
            version: column("version", "+", 1),
            // Clocks of several servers differ and can be set back; readers rely on an instant that only grows.
            updated_at: column.case().when("updated_at", "<", nowMs).then(nowMs).else(column.ref("updated_at")).end(),
            auth_version: column("auth_version", "+", revokesTokens(changes) ? 1 : 0),
          }))
          .where(meets(id, condition))
          .returning(userColumns)
          .executeTakeFirst(),
      );
      if (row === undefined) {
        throw await explainMiss(id, condition);
      }
      if (revokesTokens(changes)) {
        await revoke({ kind: "user", id, belowVersion: row.auth_version });
      }
      return fromUserRow(row);
    },

    async rehash(id, oldHash, newHash) {
      await run((db) =>
        db
          .updateTable("users")
          .set({ password_hash: newHash })
          .where("id", "=", id)
          .where("password_hash", "=", oldHash)
          .execute(),
      );
    },

    async delete(id, condition = {}) {
      const { numDeletedRows } = await run((db) =>
        db.deleteFrom("users").where(meets(id, condition)).executeTakeFirst(),
      );
      if (numDeletedRows === 0n) {
        throw await explainMiss(id, condition);
      }
      await run((db) => deleteSessions(db, (sessions) => sessions("user_id", "=", id)));
      await revoke({ kind: "user", id, belowVersion: Infinity });
    },
  };
}

/** The user with an id, if it is in the state that the change is meant for. */
function meets(id: string, { version }: UserCondition) {
  return (where: ExpressionBuilder<Tables, "users">): Expression<SqlBool> => {
    const isUser = where("id", "=", id);
    return version === undefined ? isUser : isUser.and("version", "=", version);
  };
}
