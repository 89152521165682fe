import type { ErrorReason } from "@rollcall/contracts/user/v1/error_reason";
import { type ErrorCode, type ErrorDetails, Status, StatusError } from "@rollcall/rpc";
import { type FieldViolation, reportViolations } from "./field-violations.js";

/** The domain of every `google.rpc.ErrorInfo` of ours. */
export const errorDomain = "rollcall";

/** A reason without its prefix, as it travels. */
type Reason = keyof typeof ErrorReason extends infer Name
  ? Name extends `ERROR_REASON_${infer R}`
    ? R
    : never
  : never;

const retrySoonMs = 1_000;

/** INVALID_ARGUMENT: the request breaks rules. Names each field, up to fifty of them. */
export function invalidRequest(violations: readonly FieldViolation[]): StatusError {
  const { summary, named } = reportViolations(violations);
  return statusError(Status.INVALID_ARGUMENT, "INVALID_REQUEST", summary, {}, badRequest(named));
}

/** INVALID_ARGUMENT: the request id came with another request before. */
export function requestIdReused(requestId: string): StatusError {
  const details = `request_id ${JSON.stringify(requestId)} was used before, with another request`;
  const violation = { field: "request_id", description: "must be new for a new request" };
  const metadata = { request_id: requestId };
  return statusError(Status.INVALID_ARGUMENT, "REQUEST_ID_REUSED", details, metadata, badRequest([violation]));
}

/** NOT_FOUND: there is no user with this id. */
export function userNotFound(id: string): StatusError {
  return statusError(
    Status.NOT_FOUND,
    "USER_NOT_FOUND",
    `user ${JSON.stringify(id)} does not exist`,
    { id },
    userInfo(id),
  );
}

/**
 * ALREADY_EXISTS: another user has the e-mail.
 *
 * @param field - The field that holds it, such as `email` or `users[17].email`.
 */
export function emailTaken(email: string, field: string): StatusError {
  const details = `${field} ${JSON.stringify(email)} belongs to another user`;
  const violation = { field, description: "belongs to another user" };
  return statusError(Status.ALREADY_EXISTS, "EMAIL_TAKEN", details, { email, field }, badRequest([violation]));
}

/** ABORTED: the user changed since its etag was read. */
export function etagMismatch(id: string, etag: string): StatusError {
  const details = `user ${JSON.stringify(id)} changed since etag ${JSON.stringify(etag)} was read; read it again`;
  return statusError(Status.ABORTED, "ETAG_MISMATCH", details, { id, etag }, userInfo(id));
}

/** RESOURCE_EXHAUSTED: one call may not create so many users. */
export function tooManyUsers(details: string, limit: number): StatusError {
  return statusError(Status.RESOURCE_EXHAUSTED, "TOO_MANY_USERS", details, { limit: String(limit) });
}

/** RESOURCE_EXHAUSTED: the reader of a room fell too far behind. */
export function slowConsumer(room: string, limit: number): StatusError {
  const details = `the reader of room ${JSON.stringify(room)} fell more than ${String(limit)} messages behind; connect again`;
  return statusError(Status.RESOURCE_EXHAUSTED, "SLOW_CONSUMER", details, { room, limit: String(limit) });
}

/** PERMISSION_DENIED: the room belongs to others. */
export function roomForbidden(room: string): StatusError {
  const details = `room ${JSON.stringify(room)} admits only the two users it names`;
  return statusError(Status.PERMISSION_DENIED, "ROOM_FORBIDDEN", details, { room });
}

/** UNIMPLEMENTED: the kind of chat message is not known here. */
export function messageKindUnsupported(kind: string): StatusError {
  const details = `chat messages of kind ${kind} are not supported; send text messages`;
  return statusError(Status.UNIMPLEMENTED, "MESSAGE_KIND_UNSUPPORTED", details, { kind });
}

/** UNAVAILABLE: the database does not answer. */
export function storeUnavailable(cause: unknown): StatusError {
  const details = "the database does not answer; try again";
  return statusError(Status.UNAVAILABLE, "STORE_UNAVAILABLE", details, {}, retrySoon(), cause);
}

/** RESOURCE_EXHAUSTED: the database has no room left. */
export function storeFull(cause: unknown): StatusError {
  return statusError(Status.RESOURCE_EXHAUSTED, "STORE_FULL", "the database has no room left", {}, {}, cause);
}

/** RESOURCE_EXHAUSTED: more passwords wait to be hashed than the server can hash soon. */
export function tooBusy(cause: unknown): StatusError {
  const details = "too many passwords wait to be hashed; try again";
  return statusError(Status.RESOURCE_EXHAUSTED, "TOO_BUSY", details, {}, retrySoon(), cause);
}

function statusError(
  code: ErrorCode,
  reason: Reason,
  details: string,
  metadata: Readonly<Record<string, string>>,
  more: ErrorDetails = {},
  cause?: unknown,
): StatusError {
  const errorInfo = { reason, domain: errorDomain, metadata };
  return new StatusError(code, details, { errorDetails: { errorInfo, ...more }, cause });
}

function badRequest(violations: readonly FieldViolation[]): ErrorDetails {
  const fieldViolations = violations.map((violation) => ({ ...violation, reason: "" }));
  return { badRequest: { fieldViolations } };
}

function userInfo(id: string): ErrorDetails {
  return { resourceInfo: { resourceType: "user.v1.User", resourceName: id, owner: "", description: "" } };
}

function retrySoon(): ErrorDetails {
  return { retryInfo: { retryDelay: { seconds: BigInt(retrySoonMs / 1_000), nanos: 0 } } };
}
