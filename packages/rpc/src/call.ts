import type { CallValues } from "./call-values.js";
import type { Metadata } from "./metadata.js";
import type { Method } from "./method.js";
import type { StatusError } from "./status-error.js";
import type { Traffic } from "./traffic.js";

/** Sees each message before it is passed on. What it throws ends the call. */
export type MessageHook = (message: unknown) => void | Promise<void>;

/** What both sides of a call know about it. */
export interface Call {
  readonly method: Method;
  /** What the client sent before its messages. */
  readonly metadata: Metadata;
  /** When the call fails with `DEADLINE_EXCEEDED`, whatever its state. Undefined: never. */
  readonly deadline: Date | undefined;
  /** Aborted when the call ends before its work does: cancelled, past its deadline, or cut off. */
  readonly signal: AbortSignal;
  /** Values that interceptors and handlers hand to each other. */
  readonly values: CallValues;
  /** The messages that have travelled so far. Where a call is repeated, those of all its attempts. */
  readonly traffic: Traffic;
}

/** What the connection of a call proves about the client at its other end. */
export interface ConnectionSecurity {
  /** Whether nobody between the client and this server can read along. */
  readonly encrypted: boolean;
  /**
   * The certificate that the client showed, as DER (RFC 5280). Undefined when the server did not ask for one, or did not
   * find it to be of an authority that it trusts.
   */
  readonly clientCertificate: Uint8Array | undefined;
}

/** A call, as the handler on the server sees it. */
export interface ServerCall extends Call {
  /** The client's address and port, as in `127.0.0.1:40312`. */
  readonly peer: string;
  /** What the connection proves about the client. */
  readonly connection: ConnectionSecurity;
  /** Sent before the first response. Changes after that have no effect. */
  readonly header: Metadata;
  /** Sent after the last response. */
  readonly trailer: Metadata;
  /** Sends the header now, without waiting for the first response. A client may no longer repeat the call by itself. */
  sendHeader(): void;
  /** Ends the call with this status as soon as its handler heeds the signal, or reads or writes a message. */
  abort(reason: StatusError): void;
}

/** What an interceptor on either side may do with the messages of a call. */
interface InterceptableCall {
  /** The request of a method that takes one; undefined where requests are streamed. */
  readonly request: unknown;
  /** The response of a method that gives one, once there is one; undefined where responses are streamed. */
  readonly response: unknown;
  /** Shows each request to the hook, streamed or not, before it is passed on. */
  onRequest(hook: MessageHook): void;
  /** Shows each response to the hook, streamed or not, before it is passed on. */
  onResponse(hook: MessageHook): void;
  /**
   * Answers the call, in place of the handler when `next` is not called: with a message, or with an iterable of them
   * where responses are streamed.
   */
  respond(response: unknown): Promise<void>;
}

/** A call, as an interceptor on the server sees it. */
export interface InterceptedServerCall extends ServerCall, InterceptableCall {
  /**
   * Ends the call with `DEADLINE_EXCEEDED` at this time, unless it has an earlier deadline. The client hears of it at once,
   * even where the handler does not heed the signal.
   */
  limitDeadline(deadline: Date): void;
}

/** A call, as an interceptor on the client sees it. */
export interface InterceptedClientCall extends Call, InterceptableCall {
  /** May be changed until `next` is called. */
  deadline: Date | undefined;
  /** The call on the server for whose sake this one is made, where the caller named it. */
  readonly parent: ServerCall | undefined;
  /** What the server sent before its messages, once it arrived. */
  readonly header: Metadata | undefined;
  /** What the server sent after its messages, once it arrived. */
  readonly trailer: Metadata | undefined;
}
