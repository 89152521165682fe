import { type InterceptedServerCall, type MethodKind, Status } from "@rollcall/rpc";
import { requestIdOf } from "../../request-id-key.js";
import { traceContextOf } from "../../trace-context.js";
import { callerOf } from "../caller.js";
import { clientAddressOf } from "../real-ip/client-address.js";

/** What the line about the end of a call says, in this order. What is undefined is left out. */
export interface CallLine {
  readonly method: string;
  readonly kind: MethodKind;
  /** The name of the status, such as `NOT_FOUND`. */
  readonly status: string;
  readonly durationMs: number;
  readonly requestId: string | undefined;
  /** Which distributed trace the call belongs to. */
  readonly traceId: string | undefined;
  /** The address of the client. */
  readonly peer: string;
  /** The subject of the caller, where there are credentials. */
  readonly user: string | undefined;
  readonly requests: number;
  readonly requestBytes: number;
  readonly responses: number;
  readonly responseBytes: number;
  /** Why the call failed, for programs: the reason of the `google.rpc.ErrorInfo`. */
  readonly reason: string | undefined;
}

/** How a call ended. */
export interface CallEnd {
  readonly status: Status;
  readonly reason: string | undefined;
  readonly durationMs: number;
}

/** The text of the line. */
export const callEnded = "call ended";

/** Describes a call that has ended. */
export function describeCall(call: InterceptedServerCall, { status, reason, durationMs }: CallEnd): CallLine {
  const { method, traffic } = call;
  return {
    method: method.path,
    kind: method.kind,
    status: Status[status],
    durationMs: Math.round(durationMs * 1_000) / 1_000,
    requestId: requestIdOf(call),
    traceId: traceContextOf(call)?.traceId,
    peer: clientAddressOf(call),
    user: callerOf(call)?.subject,
    requests: traffic.requests,
    requestBytes: traffic.requestBytes,
    responses: traffic.responses,
    responseBytes: traffic.responseBytes,
    reason,
  };
}

/** Printable ASCII that stands in JSON as it is. */
const plainPattern = /^[ !#-[\]-~]*$/;

/** The fields as they stand in a line of JSON, a comma first; undefined when a text would have to be escaped. */
export function plainJson(line: CallLine): string | undefined {
  const { requestId = "", traceId = "", user = "", reason = "" } = line;
  if (!plainPattern.test(line.method + line.status + requestId + traceId + line.peer + user + reason)) {
    return undefined;
  }
  return (
    `,"method":"${line.method}","kind":"${line.kind}","status":"${line.status}","durationMs":${line.durationMs}` +
    field("requestId", line.requestId) +
    field("traceId", line.traceId) +
    `,"peer":"${line.peer}"` +
    field("user", line.user) +
    `,"requests":${line.requests},"requestBytes":${line.requestBytes}` +
    `,"responses":${line.responses},"responseBytes":${line.responseBytes}` +
    field("reason", line.reason)
  );
}

function field(name: string, text: string | undefined): string {
  return text === undefined ? "" : `,"${name}":"${text}"`;
}
