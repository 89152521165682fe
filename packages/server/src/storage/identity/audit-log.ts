import type { RunQuery } from "../run-query.js";
import type { AuditEvent, AuditReader, AuditWriter } from "./audit-event.js";

/** What an {@link AuditWriter} takes from its surroundings. */
export interface AuditWriterOptions {
  /** Current time in milliseconds since the epoch. */
  readonly now: () => number;
  /** Makes the next UUIDv7. */
  readonly createId: () => string;
}

/** Reads the audit log by way of `run`. */
export function createAuditReader(run: RunQuery): AuditReader {
  return {
    async page({ actor = "", subject = "", method = "", beforeId, limit }) {
      const restrictions = Object.entries({ actor, subject, method }).filter(([, value]) => value !== "");
      const rows = await run((db) => {
        let events = db.selectFrom("audit_events").selectAll().orderBy("id", "desc").limit(limit);
        for (const [column, value] of restrictions) {
          events = events.where(column as "actor" | "subject" | "method", "=", value); // the keys of the object above
        }
        return (beforeId === undefined ? events : events.where("id", "<", beforeId)).execute();
      });
      return rows.map(({ time, request_id, ...row }): AuditEvent => ({
        ...row,
        time: new Date(time),
        requestId: request_id,
      }));
    },
  };
}

/** Adds to the audit log by way of `run`, whose queries are steps of one transaction. */
export function createAuditWriter(run: RunQuery, { now, createId }: AuditWriterOptions): AuditWriter {
  return {
    async append({ requestId, ...event }) {
      const row = { ...event, id: createId(), time: now(), request_id: requestId };
      await run((db) => db.insertInto("audit_events").values(row).execute());
    },
  };
}
