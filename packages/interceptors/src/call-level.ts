import { type Method, Status } from "@rollcall/rpc";

/** How severe the line about the end of a call is. */
export type CallLevel = "debug" | "info" | "warn" | "error";

/** Chooses how severe the line about the end of a call is; undefined for no line. It is asked once for each method and status. */
export type LevelOf = (status: Status, method: Method) => CallLevel | undefined;

const levels: Readonly<Record<Status, CallLevel>> = {
  [Status.OK]: "info",
  [Status.CANCELLED]: "info",
  [Status.UNKNOWN]: "error",
  [Status.INVALID_ARGUMENT]: "info",
  [Status.DEADLINE_EXCEEDED]: "warn",
  [Status.NOT_FOUND]: "info",
  [Status.ALREADY_EXISTS]: "info",
  [Status.PERMISSION_DENIED]: "info",
  [Status.RESOURCE_EXHAUSTED]: "warn",
  [Status.FAILED_PRECONDITION]: "warn",
  [Status.ABORTED]: "warn",
  [Status.OUT_OF_RANGE]: "warn",
  [Status.UNIMPLEMENTED]: "error",
  [Status.INTERNAL]: "error",
  [Status.UNAVAILABLE]: "warn",
  [Status.DATA_LOSS]: "error",
  [Status.UNAUTHENTICATED]: "info",
};

/**
 * `info` for what a client brings about by itself, `warn` for what may be a sign of trouble, `error` for what somebody has
 * to look at. These are the levels of go-grpc-middleware, except that `PERMISSION_DENIED` is as ordinary as
 * `UNAUTHENTICATED`.
 */
export function defaultLevelOf(status: Status): CallLevel {
  return levels[status];
}

const statuses = Object.values(Status).filter((status) => typeof status === "number");

/** The level of each status of the method, by the number of the status. */
export function levelsOf(method: Method, levelOf: LevelOf): readonly (CallLevel | undefined)[] {
  return statuses.map((status) => levelOf(status, method));
}
