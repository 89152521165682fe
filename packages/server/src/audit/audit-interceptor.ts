import { callerOf } from "@rollcall/interceptors/server/caller";
import { clientAddressOf } from "@rollcall/interceptors/server/real-ip";
import {
  type InterceptedServerCall,
  type MethodPolicy,
  type ServerInterceptor,
  Status,
  StatusError,
} from "@rollcall/rpc";
import type { Store } from "../storage/store.js";
import { type AuditOutcome, auditRecordOf, type AuditSubject } from "./audit-record.js";
import { startAudit } from "./audited-calls.js";
import { createFailureBudget, type FailureBudget } from "./failure-budget.js";
import { requestSubject } from "./request-subject.js";

/** Which calls are audited, and where to. */
export interface AuditCallsOptions {
  readonly policies: ReadonlyMap<string, MethodPolicy>;
  readonly store: Pick<Store, "write">;
  /** Hears of calls that could not be written to the audit log. */
  readonly onError: (error: unknown) => void;
  /** How many failed calls are written. By default as many as {@link createFailureBudget} says. */
  readonly budget?: FailureBudget | undefined;
}

/**
 * Has the calls that their policy says so written to the audit log.
 *
 * Calls that have an effect are written by the unit of work with that effect, see `commit`: both are there afterwards, or
 * neither is. All others are written here, before they are answered: those that fail, and those that had nothing to do.
 * What cannot be written of them changes nothing for their callers. Since anybody can make calls that fail, no more are
 * written than the budget allows; the next one that is written says how many were left out.
 *
 * Put it outside of `auth`, so that it sees who is refused, and outside of whatever makes errors into statuses.
 */
export function auditCalls({
  policies,
  store,
  onError,
  budget = createFailureBudget(),
}: AuditCallsOptions): ServerInterceptor {
  async function write(call: InterceptedServerCall, about: AuditSubject, outcome: AuditOutcome): Promise<void> {
    try {
      await store.write((unit) => unit.audit.append(auditRecordOf(call, about, outcome)));
    } catch (failure) {
      onError(failure);
    }
  }

  async function writeFailure(call: InterceptedServerCall, about: AuditSubject, error: unknown): Promise<void> {
    const leftOut = budget.take({ caller: callerOf(call), peer: clientAddressOf(call) });
    if (leftOut !== undefined) {
      await write(call, leftOut === 0 ? about : { ...about, detail: detailWith(about, leftOut) }, outcomeOf(error));
    }
  }

  return (method) => {
    const policy = policies.get(method.path);
    if (policy?.audit !== true) {
      return undefined;
    }
    return async function auditCalls(call, next) {
      clientAddressOf(call); // asked for while there is a connection to ask; it is remembered
      const audit = startAudit(call, { subject: requestSubject(call, policy) });
      try {
        await next();
      } catch (error) {
        if (!audit.isWritten) {
          await writeFailure(call, audit.about, error);
        }
        throw error;
      }
      if (!audit.isWritten) {
        await write(call, audit.about, { status: Status.OK });
      }
    };
  };
}

function outcomeOf(error: unknown): AuditOutcome {
  return error instanceof StatusError && !error.received
    ? { status: error.code, reason: error.reason }
    : { status: Status.INTERNAL, reason: "INTERNAL" };
}

function detailWith({ detail = "" }: AuditSubject, leftOut: number): string {
  const note = `${String(leftOut)} failed calls before this one were left out`;
  return detail === "" ? note : `${detail}; ${note}`;
}
