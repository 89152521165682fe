import type { ColumnType } from "kysely";

/** One user. Instants are milliseconds since the epoch, roles and metadata are JSON. */
export interface UsersTable {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** The e-mail in lower case; its unique index is what makes two users with one e-mail impossible. */
  readonly email_key: string;
  readonly password_hash: string | null;
  readonly status: number;
  readonly roles: string;
  readonly metadata: string;
  readonly phone: string | null;
  readonly created_at: number;
  readonly updated_at: number;
  readonly version: number;
  readonly auth_version: number;
}

/** The answer that a method gave to a caller's request id. */
interface AnswersTable {
  readonly caller: string;
  readonly method: string;
  readonly request_id: string;
  readonly fingerprint: string;
  /** PostgreSQL's driver reads bytes as a `Buffer`, SQLite's as an `ArrayBuffer`. */
  readonly answer: ColumnType<Uint8Array | ArrayBuffer, Uint8Array, Uint8Array>;
  readonly created_at: number;
}

/** One chat room and the highest sequence given out in it. */
interface RoomsTable {
  readonly room: string;
  readonly epoch: string;
  readonly head: number;
}

/** One chat message. */
export interface MessagesTable {
  readonly room: string;
  readonly sequence: number;
  readonly message_id: string | null;
  readonly user_id: string;
  readonly content: string;
  readonly created_at: number;
}

/** One sign-in. */
interface SessionsTable {
  readonly id: string;
  readonly user_id: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly ended_at: number | null;
}

/** One refresh token of a session, by its digest; those that were used are kept, to know them when they come again. */
interface RefreshTokensTable {
  readonly digest: string;
  readonly session_id: string;
  readonly expires_at: number;
  readonly used_at: number | null;
}

interface SigningKeysTable {
  readonly id: string;
  readonly private_jwk: string;
  readonly created_at: number;
}

/** One API key. Roles are JSON. */
export interface ApiKeysTable {
  readonly id: string;
  readonly name: string;
  readonly roles: string;
  readonly digest: string;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly created_by: string;
  readonly revoked_at: number | null;
}

/** One revocation; without `below_version` a user's tokens are revoked whatever their version. */
export interface RevocationsTable {
  readonly sequence: number;
  readonly kind: string;
  readonly id: string;
  readonly below_version: number | null;
  readonly created_at: number;
}

/** Numbers that are given out in the order in which their transactions are committed. */
interface CountersTable {
  readonly name: string;
  readonly value: number;
}

/** One audited call. */
interface AuditEventsTable {
  readonly id: string;
  readonly time: number;
  readonly actor: string;
  readonly credential: string;
  readonly method: string;
  readonly subject: string;
  readonly status: string;
  readonly reason: string;
  readonly request_id: string;
  readonly peer: string;
  readonly detail: string;
}

/** The tables, as Kysely types its queries by them. */
export interface Tables {
  readonly users: UsersTable;
  readonly answers: AnswersTable;
  readonly rooms: RoomsTable;
  readonly messages: MessagesTable;
  readonly sessions: SessionsTable;
  readonly refresh_tokens: RefreshTokensTable;
  readonly signing_keys: SigningKeysTable;
  readonly api_keys: ApiKeysTable;
  readonly revocations: RevocationsTable;
  readonly counters: CountersTable;
  readonly audit_events: AuditEventsTable;
}
