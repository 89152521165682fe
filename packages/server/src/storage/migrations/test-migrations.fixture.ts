import type { Kysely, Migration } from "kysely";
import { sql } from "kysely";

/** Makes a table with a row in it. */
export const firstMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table users (id text primary key)`.execute(db);
    await sql`insert into users values ('first')`.execute(db);
  },
};

/** Makes another table and adds a row to the first one, with `halfway` in between. */
export function secondMigration(halfway: (db: Kysely<unknown>) => Promise<void>): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await sql`create table second (id text primary key)`.execute(db);
      await halfway(db);
      await sql`insert into users values ('second')`.execute(db);
    },
  };
}
