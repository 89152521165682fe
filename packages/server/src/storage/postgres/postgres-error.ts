import { codeOf, constraintOf, messageOf } from "../foreign-error.js";
import { StoreError } from "../store-error.js";

/** SQLSTATEs. See https://www.postgresql.org/docs/current/errcodes-appendix.html */
const sqlState = {
  uniqueViolation: "23505",
  serializationFailure: "40001",
  deadlockDetected: "40P01",
  lockNotAvailable: "55P03",
  queryCanceled: "57014",
  diskFull: "53100",
} as const;

/**
 * SQLSTATEs and their classes, after which the session is gone or was never there: 08 connection exception, 57P01 to 57P05
 * an administrator, a crash or a timeout ended it or it is not accepted now, 53300 too many of them, 28 and 3D the server
 * knows no such user, password or database, 25P03 idle in a transaction for too long, 25006 the server has become a
 * replica, so that the next connection should look for the one that writes.
 */
const brokenSession = /^(?:08|28|3D|57P|53300|25P03|25006)/;

/** Those of the codes below that a connection ends with which worked before: the next one may well work. */
const lostSession = /^(?:08|57P01|57P02|25006|ECONNRESET|EPIPE)/;

/** Codes of Node.js for a connection that is refused, reset or cannot be made. */
const brokenSocket =
  /^(?:ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOENT|EACCES|EADDRNOTAVAIL|ERR_SSL|ERR_TLS)/;

/** What `pg` says, without any code, of a connection that ended or never came. */
const brokenClient =
  /^(?:Connection terminated|Client has encountered|Client was closed|timeout exceeded when trying to connect|timeout expired|Query read timeout|Cannot use a pool after)/;

/** The same of a connection that worked before. */
const lostClient = /^(?:Connection terminated(?: unexpectedly)?$|Client has encountered|Client was closed)/;

/** Whether the connection that an error of `pg` came over is of no use any more. */
export function isBrokenConnection(error: unknown): boolean {
  const code = codeOf(error);
  return code === undefined ? brokenClient.test(messageOf(error)) : brokenSession.test(code) || brokenSocket.test(code);
}

/** Whether a connection that worked before has ended. Making one that never came is not worth another attempt at once. */
export function isLostConnection(error: unknown): boolean {
  const code = codeOf(error);
  return code === undefined ? lostClient.test(messageOf(error)) : lostSession.test(code);
}

/** Says in the store's terms what an error of `pg` means. */
export function translatePostgresError(error: unknown): StoreError {
  if (error instanceof StoreError) {
    return error;
  }
  if (isBrokenConnection(error)) {
    // Also when it breaks during a commit: then nobody knows whether the commit took place.
    return new StoreError("unavailable", `the database is not available: ${messageOf(error)}`, { cause: error });
  }
  switch (codeOf(error)) {
    case sqlState.uniqueViolation:
      return translateUniqueViolation(error);
    case sqlState.diskFull:
      return new StoreError("full", "the disk of the database is full", { cause: error });
    // The server undid the transaction in favour of another one; it may well succeed the next time.
    case sqlState.serializationFailure:
    case sqlState.deadlockDetected:
    case sqlState.lockNotAvailable:
      return new StoreError("contention", "other transactions are in the way", { cause: error });
    // It took longer than `statement_timeout`: the server has stopped it, and is too busy to be called available.
    case sqlState.queryCanceled:
      return new StoreError("unavailable", "the database took too long to answer", { cause: error });
    default:
      return new StoreError("internal", "PostgreSQL refused a statement", { cause: error });
  }
}

/** The constraint that a row violates says whose fault it is. */
function translateUniqueViolation(error: unknown): StoreError {
  return constraintOf(error) === "users_email_key"
    ? new StoreError("emailTaken", "the e-mail is taken", { cause: error, index: 0 })
    : new StoreError("internal", "a row violates a unique constraint", { cause: error });
}
