import { encodeErrorDetails, Status, StatusError } from "@rollcall/rpc";

/** The error that a call ended with. Fails when it ended well. */
export async function errorOf(call: Promise<unknown>): Promise<StatusError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof StatusError) {
      return error;
    }
    throw new Error("the call failed with something else than a status", { cause: error });
  }
  throw new Error("the call succeeded");
}

/** The paths of the fields that an error names, in order. */
export function fieldsOf({ errorDetails }: StatusError): readonly string[] {
  return (errorDetails.badRequest?.fieldViolations ?? []).map(({ field }) => field);
}

/** What a trailer that carries the error takes up of the 8 KiB that clients accept: names, values and 32 bytes for each. */
export function trailerBytesOf({ code, details, errorDetails }: StatusError): number {
  const message = Buffer.byteLength(encodeURIComponent(details));
  const base64 = Math.ceil((encodeErrorDetails(code, details, errorDetails)?.length ?? 0) / 3) * 4;
  const names = ["grpc-status", "grpc-message", "grpc-status-details-bin"];
  return message + base64 + names.join("").length + 32 * names.length;
}

/** What a call is rejected with whose request breaks the rules for these fields. */
export function invalid(...fields: readonly string[]) {
  return {
    code: Status.INVALID_ARGUMENT,
    reason: "INVALID_REQUEST",
    errorDetails: {
      errorInfo: { reason: "INVALID_REQUEST", domain: "rollcall" },
      badRequest: { fieldViolations: fields.map((field) => ({ field })) },
    },
  };
}

/** What a call is rejected with that names a user who does not exist. */
export function notFound(id: string) {
  return {
    code: Status.NOT_FOUND,
    details: `user ${JSON.stringify(id)} does not exist`,
    errorDetails: {
      errorInfo: { reason: "USER_NOT_FOUND", domain: "rollcall", metadata: { id } },
      resourceInfo: { resourceType: "user.v1.User", resourceName: id },
    },
  };
}

/** What a call is rejected with that would give two users one e-mail. */
export function emailTaken(email: string, field = "email") {
  return {
    code: Status.ALREADY_EXISTS,
    details: `${field} ${JSON.stringify(email)} belongs to another user`,
    errorDetails: {
      errorInfo: { reason: "EMAIL_TAKEN", domain: "rollcall", metadata: { email, field } },
      badRequest: { fieldViolations: [{ field }] },
    },
  };
}

/** What a call is rejected with whose etag is not that of the user as it is. */
export function etagMismatch(id: string, etag: string) {
  return {
    code: Status.ABORTED,
    errorDetails: {
      errorInfo: { reason: "ETAG_MISMATCH", domain: "rollcall", metadata: { id, etag } },
      resourceInfo: { resourceType: "user.v1.User", resourceName: id },
    },
  };
}

/** What a call is rejected with whose request id came with another request before. */
export function requestIdReused(requestId: string) {
  return {
    code: Status.INVALID_ARGUMENT,
    errorDetails: {
      errorInfo: { reason: "REQUEST_ID_REUSED", domain: "rollcall", metadata: { request_id: requestId } },
      badRequest: { fieldViolations: [{ field: "request_id" }] },
    },
  };
}
