import { setImmediate as nextTurn } from "node:timers/promises";
import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { SqlVariant } from "./database.js";
import type { RunQuery } from "./run-query.js";
import type { Tables } from "./tables.js";
import type { Credentials, User } from "./user.js";
import { fromUserRow, toEmailKey, userColumns } from "./user-row.js";

/** Which users, in which place. */
interface UserPageQuery {
  /** Only users after this id. Defaults to the beginning. */
  readonly afterId?: string | undefined;
  /** Only users of this status. Defaults to any. */
  readonly status?: number | undefined;
  /** At most this many. */
  readonly limit: number;
}

/** Which users {@link UserReader.seek} counts. */
interface UserSeekQuery {
  /** Only users of this status. Defaults to any. */
  readonly status?: number | undefined;
  /** Ends a long way to a far page; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Reads users. */
export interface UserReader {
  find(id: string): Promise<User | undefined>;

  /** Those of the users that exist, in the order asked. */
  findMany(ids: readonly string[]): Promise<User[]>;

  /** Whether there is any user at all. */
  hasAny(): Promise<boolean>;

  /** The user with this id, and what a password is checked against. */
  findCredentialsById(id: string): Promise<Credentials | undefined>;

  /** The user with this e-mail, whatever its case, and what a password is checked against. */
  findCredentials(email: string): Promise<Credentials | undefined>;

  /**
   * A page in the order of ids. Ask for the next one with the last id as `afterId`: users who are there all the time
   * appear exactly once, whatever is created or deleted meanwhile, and nothing stays open between two pages.
   */
  page(query: UserPageQuery): Promise<User[]>;

  /**
   * Finds where a numbered page begins, by walking past `count` users.
   *
   * @returns what to give as `afterId` (`""` for a count of 0), or `undefined` when there are fewer than `count` users
   */
  seek(count: number, query?: UserSeekQuery): Promise<string | undefined>;
}

/** Rows skipped in one statement: SQLite walks them in about a millisecond, which is how long others have to wait. */
const maxSeekStep = 10_000;

/** Reads users by way of `run`. */
export function createUserReader(run: RunQuery, variant: SqlVariant): UserReader {
  async function skip(afterId: string, count: number, status: number | undefined): Promise<string | undefined> {
    const row = await run((db) =>
      db
        .selectFrom("users")
        .select("id")
        .where(follows(afterId, status))
        .orderBy("id")
        .limit(1)
        .offset(count - 1)
        .executeTakeFirst(),
    );
    return row?.id;
  }

  async function credentialsWhere(column: "id" | "email_key", value: string): Promise<Credentials | undefined> {
    const row = await run((db) =>
      db
        .selectFrom("users")
        .select([...userColumns, "password_hash"])
        .where(column, "=", value)
        .executeTakeFirst(),
    );
    return row && { user: fromUserRow(row), passwordHash: row.password_hash ?? undefined };
  }

  return {
    async find(id) {
      const row = await run((db) => db.selectFrom("users").select(userColumns).where("id", "=", id).executeTakeFirst());
      return row && fromUserRow(row);
    },

    async findMany(ids) {
      const rows = await run((db) =>
        db.selectFrom("users").select(userColumns).where(variant.isAnyOf("id", ids)).execute(),
      );
      const users = new Map(rows.map((row) => [row.id, fromUserRow(row)]));
      return ids.map((id) => users.get(id)).filter((user) => user !== undefined);
    },

    async hasAny() {
      return (await run((db) => db.selectFrom("users").select("id").limit(1).executeTakeFirst())) !== undefined;
    },

    findCredentials: (email) => credentialsWhere("email_key", toEmailKey(email)),

    findCredentialsById: (id) => credentialsWhere("id", id),

    async page({ afterId = "", status, limit }) {
      const rows = await run((db) =>
        db.selectFrom("users").select(userColumns).where(follows(afterId, status)).orderBy("id").limit(limit).execute(),
      );
      return rows.map(fromUserRow);
    },

    async seek(count, { status, signal } = {}) {
      let afterId: string | undefined = "";
      for (let left = count; left > 0 && afterId !== undefined; left -= maxSeekStep) {
        signal?.throwIfAborted();
        afterId = await skip(afterId, Math.min(left, maxSeekStep), status);
        await nextTurn();
      }
      return afterId;
    },
  };
}

/** The users after an id, of one status or of any: the primary key serves the one, the index on status and id the other. */
function follows(afterId: string, status: number | undefined) {
  return (where: ExpressionBuilder<Tables, "users">): Expression<SqlBool> => {
    const isAfter = where("id", ">", afterId);
    return status === undefined ? isAfter : isAfter.and("status", "=", status);
  };
}
