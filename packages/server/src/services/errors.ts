import { errors, reasonTable } from "@rollcall/contracts/user/v1/error_reason.errors";
import { type FieldViolation, reportViolations } from "@rollcall/interceptors/server/validate";
import type { ErrorDetails, StatusError } from "@rollcall/rpc";

/** The domain of every `google.rpc.ErrorInfo` of ours. */
export const errorDomain = reasonTable.domain;

const retrySoonMs = 1_000;

/** INVALID_ARGUMENT: the request breaks rules. Names each field, up to fifty of them. */
export function invalidRequest(violations: readonly FieldViolation[]): StatusError {
  const { summary, badRequest } = reportViolations(violations);
  return errors.invalidRequest({ details: summary, errorDetails: { badRequest } });
}

/** INVALID_ARGUMENT: the request id came with another request before. */
export function requestIdReused(requestId: string): StatusError {
  const errorDetails = wrongField("request_id", "must be new for a new request");
  return errors.requestIdReused({ request_id: requestId }, { errorDetails });
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
  return errors.emailTaken({ email, field }, { errorDetails: wrongField(field, "belongs to another user") });
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

/** UNAUTHENTICATED: the e-mail or the password is wrong, or the user may not sign in; which of them is nobody's business. */
export function invalidCredentials(): StatusError {
  return errors.invalidCredentials();
}

/** UNAUTHENTICATED: the token does not count. */
export function credentialsRejected(): StatusError {
  return errors.credentialsRejected();
}

/** PERMISSION_DENIED: the caller may not do this. */
export function permissionDenied(): StatusError {
  return errors.permissionDenied();
}

/** RESOURCE_EXHAUSTED: too many attempts have failed. */
export function rateLimited(waitMs: number): StatusError {
  return errors.rateLimited({ errorDetails: retryAfter(waitMs) });
}

/** FAILED_PRECONDITION: nobody may make an account for themselves. */
export function registrationClosed(): StatusError {
  return errors.registrationClosed();
}

/** NOT_FOUND: there is no API key with this id. */
export function apiKeyNotFound(id: string): StatusError {
  const resourceInfo = { resourceType: "user.v1.ApiKey", resourceName: id, owner: "", description: "" };
  return errors.apiKeyNotFound({ id }, { errorDetails: { resourceInfo } });
}

/** INVALID_ARGUMENT: the page token was not made for this query. */
export function pageTokenInvalid(): StatusError {
  const description = "was not made for this query; begin with the first page";
  return errors.pageTokenInvalid({ errorDetails: wrongField("page_token", description) });
}

function wrongField(field: string, description: string): ErrorDetails {
  return { badRequest: { fieldViolations: [{ field, description, reason: "" }] } };
}

function userInfo(id: string): ErrorDetails {
  return { resourceInfo: { resourceType: "user.v1.User", resourceName: id, owner: "", description: "" } };
}

function retrySoon(): ErrorDetails {
  return retryAfter(retrySoonMs);
}

function retryAfter(ms: number): ErrorDetails {
  const seconds = Math.floor(ms / 1_000);
  return { retryInfo: { retryDelay: { seconds: BigInt(seconds), nanos: Math.round((ms - seconds * 1_000) * 1e6) } } };
}
