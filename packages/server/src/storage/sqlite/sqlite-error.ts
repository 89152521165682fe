import { messageOf, rawCodeOf } from "../foreign-error.js";
import { StoreError } from "../store-error.js";

/** SQLite's primary result codes, of which an extended one keeps the lowest byte. See https://www.sqlite.org/rescode.html */
const resultCode = { busy: 5, locked: 6, readonly: 8, ioError: 10, full: 13, cantOpen: 14, constraint: 19 } as const;

/** Says in the store's terms what an error of SQLite's driver means. */
export function translateSqliteError(error: unknown): StoreError {
  if (error instanceof StoreError) {
    return error;
  }
  const rawCode = rawCodeOf(error);
  switch (rawCode === undefined ? undefined : rawCode & 0xff) {
    // Another process, a backup for instance, holds the lock that is needed. Nothing was changed.
    case resultCode.busy:
    case resultCode.locked:
      return new StoreError("contention", "another process holds the database", { cause: error });
    case resultCode.full:
      return new StoreError("full", "the disk that holds the database is full", { cause: error });
    // The disk or its mount failed beneath the file. It may come back, and what was acknowledged is on it.
    case resultCode.ioError:
    case resultCode.cantOpen:
    case resultCode.readonly:
      return new StoreError("unavailable", `the database file fails: ${messageOf(error)}`, { cause: error });
    case resultCode.constraint:
      return translateConstraint(error);
    default:
      return new StoreError("internal", "SQLite's driver refused a statement", { cause: error });
  }
}

/** SQLite names a constraint's columns in the message, and nowhere else. */
function translateConstraint(error: unknown): StoreError {
  return messageOf(error).endsWith(" users.email_key")
    ? new StoreError("emailTaken", "the e-mail is taken", { cause: error, index: 0 })
    : new StoreError("internal", "a row violates a constraint", { cause: error });
}
