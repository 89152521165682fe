import type { ServerCall } from "@rollcall/rpc";
import type { Store, Unit } from "../storage/store.js";
import type { AuditSubject } from "./audit-record.js";
import { auditIn, describeAudit, markAudited } from "./audited-calls.js";

/** What a call is about: said at once, or by its answer. */
export type About<Answer> = AuditSubject | ((answer: Answer) => AuditSubject);

/**
 * Does the work of a call in one unit of work with its row in the audit log, where the method's policy asks for one.
 *
 * @param about - Whom the call is about. A function is asked for it with the answer.
 */
export async function commit<Answer>(
  store: Pick<Store, "write">,
  call: ServerCall,
  about: About<Answer>,
  work: (unit: Unit) => Promise<Answer>,
): Promise<Answer> {
  if (typeof about !== "function") {
    describeAudit(call, about);
  }
  const answer = await store.write(async (unit) => {
    const done = await work(unit);
    await auditIn(unit, call, typeof about === "function" ? about(done) : about);
    return done;
  });
  markAudited(call);
  return answer;
}
