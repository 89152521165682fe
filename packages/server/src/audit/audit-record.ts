import { callerOf } from "@rollcall/interceptors/server/caller";
import { clientAddressOf } from "@rollcall/interceptors/server/real-ip";
import { requestIdOf } from "@rollcall/interceptors/server/request-id";
import { type ServerCall, Status } from "@rollcall/rpc";
import type { AuditEvent } from "../storage/identity/audit-event.js";

/** What a call was about, as far as the call itself does not say. */
export interface AuditSubject {
  /** The id of the user or of the key. Empty for no single one. */
  readonly subject?: string | undefined;
  /** Who made the call, where its credentials do not say: somebody who signs in. */
  readonly actor?: string | undefined;
  /** What else there is to know. */
  readonly detail?: string | undefined;
}

/** How a call ended. */
export interface AuditOutcome {
  readonly status: Status;
  readonly reason?: string | undefined;
}

/** What the audit log keeps of a call. */
export function auditRecordOf(
  call: ServerCall,
  { subject = "", actor, detail = "" }: AuditSubject,
  { status, reason = "" }: AuditOutcome,
): Omit<AuditEvent, "id" | "time"> {
  const caller = callerOf(call);
  return {
    actor: actor ?? caller?.subject ?? "",
    credential: caller?.credential ?? "none",
    method: call.method.path,
    subject,
    status: Status[status],
    reason,
    requestId: requestIdOf(call) ?? "",
    peer: clientAddressOf(call),
    detail,
  };
}
