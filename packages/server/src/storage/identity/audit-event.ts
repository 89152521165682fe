/** One call that the audit log keeps. */
export interface AuditEvent {
  /** UUIDv7, so that the order of ids is the order of time. */
  readonly id: string;
  readonly time: Date;
  /** Who made it; empty for callers who did not say. */
  readonly actor: string;
  /** What proved it: `token`, `apiKey`, `certificate` or `none`. */
  readonly credential: string;
  /** The path of the method. */
  readonly method: string;
  /** Whom it was about; empty for no single one. */
  readonly subject: string;
  /** The name of the status it ended with. */
  readonly status: string;
  /** The reason of its error; empty for OK. */
  readonly reason: string;
  readonly requestId: string;
  readonly peer: string;
  readonly detail: string;
}

/** Which events to read; what is absent or empty does not restrict them. */
interface AuditQuery {
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly method?: string | undefined;
  readonly beforeId?: string | undefined;
  readonly limit: number;
}

/** Reads the audit log. */
export interface AuditReader {
  /** A page, the newest first. Ask for the next one with the last id as `beforeId`. */
  page(query: AuditQuery): Promise<readonly AuditEvent[]>;
}

/** Adds to the audit log, inside a unit of work. What is in it, SQL itself refuses to change or delete. */
export interface AuditWriter {
  append(event: Omit<AuditEvent, "id" | "time">): Promise<void>;
}
