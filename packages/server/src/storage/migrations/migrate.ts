import type { Kysely } from "kysely";
import { DEFAULT_MIGRATION_TABLE, Migrator, sql } from "kysely";
import { StoreError } from "../store-error.js";
import type { Migrations } from "./migrations.js";

/**
 * Brings a database to the newest schema.
 *
 * All that is missing is done in one transaction under a lock: a process that dies midway leaves nothing behind, and of
 * several that begin at once one does the work while the others wait for it.
 *
 * @throws {@link StoreError} `newerSchema` when the database knows a migration that `migrations` lacks
 */
export async function migrate<Schema>(db: Kysely<Schema>, migrations: Migrations): Promise<void> {
  // The migrator wants a record that it may change.
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) {
    return;
  }
  const unknown = await findUnknownMigration(db, migrations);
  if (unknown !== undefined) {
    throw new StoreError(
      "newerSchema",
      `the database was migrated by a newer version ("${unknown}" is unknown to this one); install that version`,
      { cause: error },
    );
  }
  if (error instanceof StoreError) {
    throw error;
  }
  const failed = results?.find((result) => result.status === "Error");
  throw new StoreError("internal", `migration "${failed?.migrationName ?? "?"}" failed`, { cause: error });
}

/** The library tells this case apart by its message alone, so the database is asked. */
async function findUnknownMigration<Schema>(db: Kysely<Schema>, migrations: Migrations): Promise<string | undefined> {
  try {
    const { rows } = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db);
    return rows.map((row) => row.name).find((name) => !Object.hasOwn(migrations, name));
  } catch {
    // The database does not answer, or has no such table yet: why the migration failed says more.
    return undefined;
  }
}
