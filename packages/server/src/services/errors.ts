import { errors, reasonTable } from "@rollcall/contracts/user/v1/error_reason.errors";
import type { ErrorDetails, StatusError } from "@rollcall/rpc";
import { type FieldViolation, reportViolations } from "./field-violations.js";

/** The domain of every `google.rpc.ErrorInfo` of ours. */
export const errorDomain = reasonTable.domain;

const retrySoonMs = 1_000;

/** INVALID_ARGUMENT: the request breaks rules. Names each field, up to fifty of them. */
export function invalidRequest(violations: readonly FieldViolation[]): StatusError {
  const { summary, named } = reportViolations(violations);
  return errors.invalidRequest({ details: summary, errorDetails: badRequest(named) });
}

/** INVALID_ARGUMENT: the request id came with another request before. */
export function requestIdReused(requestId: string): StatusError {
  const violation = { field: "request_id", description: "must be new for a new request" };
  return errors.requestIdReused({ request_id: requestId }, { errorDetails: badRequest([violation]) });
}

/** NOT_FOUND: there is no user with this id. */
export function userNotFound(id: string): StatusError {
  return errors.userNotFound({ id }, { errorDetails: userInfo(id) });
}

/**
 * ALREADY_EXISTS: another user has the e-mail.
 *
 * @param field - The field that holds it, such as `email` or `users[17].email`.
 */
export function emailTaken(email: string, field: string): StatusError {
  const violation = { field, description: "belongs to another user" };
  return errors.emailTaken({ email, field }, { errorDetails: badRequest([violation]) });
}

/** ABORTED: the user changed since its etag was read. */
export function etagMismatch(id: string, etag: string): StatusError {
  return errors.etagMismatch({ id, etag }, { errorDetails: userInfo(id) });
}

/** UNAVAILABLE: the database does not answer. */
export function storeUnavailable(cause: unknown): StatusError {
  return errors.storeUnavailable({ errorDetails: retrySoon(), cause });
}

/** RESOURCE_EXHAUSTED: more passwords wait to be hashed than the server can hash soon. */
export function tooBusy(cause: unknown): StatusError {
  return errors.tooBusy({ errorDetails: retrySoon(), cause });
}

function badRequest(violations: readonly FieldViolation[]): ErrorDetails {
  const fieldViolations = violations.map(({ field, description, rule = "" }) => ({ field, description, reason: rule }));
  return { badRequest: { fieldViolations } };
}

function userInfo(id: string): ErrorDetails {
  return { resourceInfo: { resourceType: "user.v1.User", resourceName: id, owner: "", description: "" } };
}

function retrySoon(): ErrorDetails {
  return { retryInfo: { retryDelay: { seconds: BigInt(retrySoonMs / 1_000), nanos: 0 } } };
}
