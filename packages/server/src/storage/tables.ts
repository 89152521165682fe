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
}

/** The answer that a method gave to a request id. */
interface AnswersTable {
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

/** The tables, as Kysely types its queries by them. */
export interface Tables {
  readonly users: UsersTable;
  readonly answers: AnswersTable;
  readonly rooms: RoomsTable;
  readonly messages: MessagesTable;
}
