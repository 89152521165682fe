import { type CallKey, createCallKey, type ServerCall, Status } from "@rollcall/rpc";
import type { Unit } from "../storage/store.js";
import { auditRecordOf, type AuditSubject } from "./audit-record.js";

const auditKey: CallKey<Audit | undefined> = createCallKey<Audit | undefined>("audit", undefined);

/** What is to be written of a call to the audit log. */
export interface Audit {
  /** Whether the handler's unit of work has written it. */
  isWritten: boolean;
  /** What the call is about, as far as it is known. */
  about: AuditSubject;
}

type CallWithValues = Pick<ServerCall, "values">;

/** Has a call written to the audit log. */
export function startAudit({ values }: CallWithValues, about: AuditSubject = {}): Audit {
  const audit: Audit = { isWritten: false, about };
  values.set(auditKey, audit);
  return audit;
}

/** Says what a call is about, for when it fails. */
export function describeAudit({ values }: CallWithValues, about: AuditSubject): void {
  const audit = values.get(auditKey);
  if (audit !== undefined) {
    audit.about = about;
  }
}

/**
 * Writes an audited call to the audit log as part of the unit of work that has its effect: both are there afterwards, or
 * neither is. Does nothing for calls that are not audited.
 */
export async function auditIn(unit: Unit, call: ServerCall, about: AuditSubject): Promise<void> {
  if (call.values.get(auditKey) !== undefined) {
    await unit.audit.append(auditRecordOf(call, about, { status: Status.OK }));
  }
}

/** Notes that the unit of work with the call's audit row is committed. */
export function markAudited({ values }: CallWithValues): void {
  const audit = values.get(auditKey);
  if (audit !== undefined) {
    audit.isWritten = true;
  }
}
