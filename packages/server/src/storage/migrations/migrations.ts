import type { Migration } from "kysely";
import { addCallerToAnswers } from "./add-caller-to-answers.js";
import { createIdentity } from "./create-identity.js";
import type { ColumnTypes } from "./create-tables.js";
import { createTables } from "./create-tables.js";

/** Migrations by name, in whose alphabetical order they run. */
export type Migrations = Readonly<Record<string, Migration>>;

/** Every migration of the store, from the first release on. A name that was released never changes. */
export function createMigrations(types: ColumnTypes): Migrations {
  return {
    "0001-create-tables": createTables(types),
    "0002-add-caller-to-answers": addCallerToAnswers(types),
    "0003-identity": createIdentity(types),
  };
}
