import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Libsql from "libsql";
import { codeOf, messageOf } from "../foreign-error.js";
import { StoreError } from "../store-error.js";
import { translateSqliteError } from "./sqlite-error.js";

/** A data folder that no other process can open. */
export interface DataFolder {
  /** The absolute path of a file in the folder, which is made when it is missing and is for this user alone. */
  createFile(name: string): string;

  /** Lets others open the folder. It also happens by itself when the process ends, however it ends. */
  release(): void;
}

/**
 * Makes the folder when it is missing, for this user alone, and keeps other processes out of it.
 *
 * @throws {@link StoreError} `folderInUse` when another process has it, `misconfigured` when it cannot be written
 */
export function openDataFolder(path: string): DataFolder {
  const folder = resolve(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const createFile = (name: string) => createPrivateFile(join(folder, name));
    const lock = lockFolder(folder);
    return {
      createFile,
      release: () => {
        unlockFolder(lock);
      },
    };
  } catch (error) {
    if (error instanceof StoreError) {
      throw error;
    }
    throw new StoreError("misconfigured", `cannot use data folder "${folder}": ${messageOf(error)}`, { cause: error });
  }
}

/** Keeps the locks from being garbage collected, which would release them. */
const heldLocks = new Set<Libsql.Database>();

/**
 * An open exclusive transaction on a file of its own: the operating system gives its lock to one connection, and takes it
 * back when the process ends, also by SIGKILL. A lock on the database itself would keep backups and our second connection
 * out.
 */
function lockFolder(folder: string): Libsql.Database {
  const pidPath = join(folder, "rollcall.pid");
  const lock = new Libsql(createPrivateFile(join(folder, "rollcall.lock")));
  try {
    lock.exec("pragma journal_mode = off; begin exclusive");
    writeFileSync(createPrivateFile(pidPath), `${process.pid}\n`);
    heldLocks.add(lock);
    return lock;
  } catch (error) {
    lock.close();
    if (!isBusy(error)) {
      throw error;
    }
    const message = `data folder "${folder}" is in use by process ${readPid(pidPath)}; stop it or choose another folder`;
    throw new StoreError("folderInUse", message, { cause: error });
  }
}

function unlockFolder(lock: Libsql.Database): void {
  heldLocks.delete(lock);
  lock.close();
}

function isBusy(error: unknown): boolean {
  return translateSqliteError(error).kind === "contention";
}

/**
 * Makes a file that only this user can read, unless it is there.
 *
 * It must never open a file that is there: closing it would drop the locks that SQLite holds on it in this process
 * (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 */
function createPrivateFile(path: string): string {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (codeOf(error) !== "EEXIST") {
      throw error;
    }
  }
  return path;
}

function readPid(path: string): string {
  try {
    return readFileSync(path, "utf8").trim() || "unknown";
  } catch {
    return "unknown";
  }
}
