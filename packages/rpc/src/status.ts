/**
 * How a call ended.
 *
 * @see https://grpc.io/docs/guides/status-codes/
 */
export enum Status {
  OK = 0,
  CANCELLED = 1,
  UNKNOWN = 2,
  INVALID_ARGUMENT = 3,
  DEADLINE_EXCEEDED = 4,
  NOT_FOUND = 5,
  ALREADY_EXISTS = 6,
  PERMISSION_DENIED = 7,
  RESOURCE_EXHAUSTED = 8,
  FAILED_PRECONDITION = 9,
  ABORTED = 10,
  OUT_OF_RANGE = 11,
  UNIMPLEMENTED = 12,
  INTERNAL = 13,
  UNAVAILABLE = 14,
  DATA_LOSS = 15,
  UNAUTHENTICATED = 16,
}

/** Status codes that describe a failure; `OK` is not an error. */
export type ErrorCode = Exclude<Status, Status.OK>;

const errorCodes = new Map<number, ErrorCode>(
  Object.values(Status).flatMap((code) =>
    typeof code === "string" || code === Status.OK ? [] : [[code, code] as const],
  ),
);

/** The code for a number off the wire. A number that gRPC does not define is `UNKNOWN`, as the specification asks. */
export function errorCodeOf(code: number): ErrorCode {
  return errorCodes.get(code) ?? Status.UNKNOWN;
}
