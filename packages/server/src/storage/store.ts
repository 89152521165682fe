import type { AnswerReader, AnswerWriter } from "./answers.js";
import type { ApiKeyReader, ApiKeyWriter } from "./identity/api-key.js";
import type { AuditReader, AuditWriter } from "./identity/audit-event.js";
import type { RevocationReader } from "./identity/revocation.js";
import type { SessionWriter } from "./identity/session.js";
import type { SigningKeyReader, SigningKeyWriter } from "./identity/signing-key.js";
import type { MessageLog } from "./message-log.js";
import type { UserReader } from "./user-reader.js";
import type { UserWriter } from "./user-writer.js";

/** What one unit of work can read and write. Use it inside the unit alone, and await every step. */
export interface Unit {
  readonly users: UserWriter;
  readonly answers: AnswerWriter;
  readonly sessions: SessionWriter;
  readonly signingKeys: SigningKeyWriter;
  readonly apiKeys: ApiKeyWriter;
  readonly audit: AuditWriter;
}

/**
 * Everything Rollcall keeps in SQL, in either database.
 *
 * Whatever fails rejects with a `StoreError`. Reads are sent once more when their connection turns out to be broken;
 * units of work never are, since their outcome is not known then.
 */
export interface Store {
  /** Reads users outside of any unit of work. */
  readonly users: UserReader;

  /** Reads the first answers to requests, outside of any unit of work. */
  readonly answers: AnswerReader;

  readonly messages: MessageLog;

  readonly signingKeys: SigningKeyReader;

  readonly apiKeys: ApiKeyReader;

  readonly audit: AuditReader;

  readonly revocations: RevocationReader;

  /**
   * One unit of work: everything in it is committed together, or nothing is. It is committed when `work` resolves and no
   * step of it has failed, not even one whose error was caught.
   *
   * `work` runs again, up to five times in all, when the database undid it in favour of another unit: it must have no
   * effect but through `unit`. SQLite runs one unit at a time, so keep it short and never begin a unit inside a unit.
   */
  write<T>(work: (unit: Unit) => Promise<T>): Promise<T>;

  /**
   * Removes the answers to requests that were given before an instant, a few at a time.
   *
   * @returns how many there were
   */
  forgetAnswersBefore(instant: Date): Promise<number>;

  /**
   * Removes sessions that had ended, and revocations that were made, before an instant, a few at a time. No access token
   * may be so old as to have been made before it.
   *
   * @returns how many there were
   */
  forgetIdentityBefore(instant: Date): Promise<number>;

  /** Resolves when the database answers; rejects with `unavailable`, after about two seconds at the latest, when not. */
  ping(): Promise<void>;

  /** Waits for what is running, then lets go of the database. The store is of no use afterwards. */
  close(): Promise<void>;
}
