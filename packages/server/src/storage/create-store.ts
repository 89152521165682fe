import { randomUUID } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { createAnswerReader, createAnswerWriter } from "./answers.js";
import type { Database } from "./database.js";
import { forgetAnswers } from "./forget-answers.js";
import { createApiKeyReader, createApiKeyWriter } from "./identity/api-keys.js";
import { createAuditReader, createAuditWriter } from "./identity/audit-log.js";
import { forgetIdentity } from "./identity/forget-identity.js";
import { createRevocationReader, createRevocationWriter } from "./identity/revocations.js";
import { createSessionWriter } from "./identity/sessions.js";
import { createSigningKeyReader, createSigningKeyWriter } from "./identity/signing-keys.js";
import { createMessageLog } from "./message-log.js";
import { retryContention } from "./retry-contention.js";
import { createReadRunner } from "./run-query.js";
import type { RunQuery } from "./run-query.js";
import type { Store, Unit } from "./store.js";
import { createUnitSession } from "./unit-session.js";
import { createUserReader } from "./user-reader.js";
import { createUserWriter } from "./user-writer.js";

/** What a store takes from its surroundings. */
export interface CreateStoreOptions {
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Makes the id of a new user, session, key or event. Defaults to UUIDv7, of which each is greater than the one before. */
  readonly createId?: (() => string) | undefined;
  /** Makes the epoch of a new room. Defaults to a random UUID. */
  readonly createEpoch?: (() => string) | undefined;
}

/** Makes a store of an open and migrated database, which it closes with itself. */
export function createStore(
  database: Database,
  { now = Date.now, createId = uuidv7, createEpoch = randomUUID }: CreateStoreOptions = {},
): Store {
  const { writes, variant } = database;
  const read = createReadRunner(database);
  const write: RunQuery = (query) => retryContention(() => writes.transaction().execute(query));

  async function runUnit<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    return await write(async (transaction) => {
      const session = createUnitSession(transaction);
      const revocations = createRevocationWriter(session.run, now);
      const options = { now, createId, revoke: revocations.append };
      const unit = {
        users: createUserWriter(session.run, variant, options),
        answers: createAnswerWriter(session.run, now),
        sessions: createSessionWriter(session.run, options),
        signingKeys: createSigningKeyWriter(session.run, now),
        apiKeys: createApiKeyWriter(session.run, options),
        audit: createAuditWriter(session.run, options),
      };
      let result: T;
      try {
        result = await work(unit);
      } finally {
        await session.end();
      }
      session.requireSuccess();
      return result;
    });
  }

  return {
    users: createUserReader(read, variant),
    answers: createAnswerReader(read),
    signingKeys: createSigningKeyReader(read),
    apiKeys: createApiKeyReader(read),
    audit: createAuditReader(read),
    revocations: createRevocationReader(read),
    messages: createMessageLog({ read, write, variant, now, createEpoch }),
    write: runUnit,
    forgetAnswersBefore: (instant) => forgetAnswers(write, instant),
    forgetIdentityBefore: (instant) => forgetIdentity(write, instant),
    ping: () => database.ping(),
    close: () => database.close(),
  };
}
