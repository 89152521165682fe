import { constants, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import type * as grpc from "@grpc/grpc-js";
import { Status } from "../status.js";
import { wholeNumber } from "./channel-arguments.js";
import { EndedConnections } from "./ended-connections.js";
import { hasMethod, streamSourceMadeBy } from "./grpc-js-internals.js";
import { ResetBudget } from "./reset-budget.js";
import { unreadResponsesOf } from "./unread-responses.js";

/** What is done about streams that never become calls. */
export interface StreamGuardOptions {
  /** Hears of each call of a method that the server does not have, for counting. */
  readonly onUnknownMethod?: (() => void) | undefined;
  /**
   * Calls that a client may break off on one connection: so many at once, and a tenth as many
   * again each second. A client that goes on is disconnected. Defaults to 500.
   */
  readonly maxBrokenOff?: number | undefined;
}

const defaultMaxBrokenOff = 500; // nghttp2 itself stops listening after 1,000, and leaves the connection open
const grpcContentType = /^application\/grpc(?:[+;]|$)/;
const longestTimeoutHours = 596; // 2 ** 31 milliseconds are 25 minutes more
const unitsPerHour: Readonly<Record<string, number>> = { H: 1, M: 60, S: 3_600, m: 3.6e6, u: 3.6e9, n: 3.6e12 };
const timeoutPattern = /^\d{1,8}[HMSmun]$/;

/** What sockets are handed to. */
export interface GuardedInjector {
  inject(socket: Duplex): void;
  drain(graceMs: number): void;
}

/**
 * Looks at each HTTP/2 stream before grpc-js does. What is no gRPC call at all is refused as the specification asks,
 * where grpc-js would take it; an unknown method is answered without repeating what the client sent; and a client that
 * opens streams only to reset them is disconnected (CVE-2023-44487). Responses that nobody reads are bounded.
 *
 * grpc-js has no public hook for this. Where the internal one is not found, its own behaviour remains.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function guardStreams(
  server: grpc.Server,
  options: StreamGuardOptions,
  createInjector: () => grpc.ConnectionInjector,
): GuardedInjector {
  const [injector, source] = streamSourceMadeBy(server, createInjector);
  const noteBrokenOff = createResetCounter(wholeNumber("maxBrokenOff", options.maxBrokenOff ?? defaultMaxBrokenOff));
  const unread = unreadResponsesOf.get(server);
  source?.replace((forward) => (stream, headers, flags) => {
    const { session } = stream;
    unread?.watch(stream);
    stream.on("close", () => {
      unread?.forget(stream);
      if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) {
        noteBrokenOff(session);
      }
    });
    if (refusesProtocol(stream, headers) || refusesCall(stream, headers, server, options)) {
      return;
    }
    forward(stream, headers, flags);
  });
  const connections = new EndedConnections();
  source?.onSession((session) => {
    connections.noteSession(session);
  });
  return {
    inject: (socket) => {
      connections.inject(socket, injector);
    },
    drain: (graceMs) => {
      injector.drain(graceMs);
    },
  };
}

/** Answers what is no gRPC request in HTTP's terms. */
function refusesProtocol(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): boolean {
  const status = protocolStatus(headers);
  if (status === undefined) {
    return false;
  }
  endUnread(stream, { [constants.HTTP2_HEADER_STATUS]: status });
  return true;
}

function protocolStatus(headers: IncomingHttpHeaders): number | undefined {
  if (headers[constants.HTTP2_HEADER_METHOD] !== constants.HTTP2_METHOD_POST) {
    return constants.HTTP_STATUS_METHOD_NOT_ALLOWED;
  }
  if (!grpcContentType.test(headers["content-type"] ?? "")) {
    return constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE;
  }
  // The specification makes it mandatory, "to detect incompatible proxies".
  return headers[constants.HTTP2_HEADER_TE] === "trailers" ? undefined : constants.HTTP_STATUS_BAD_REQUEST;
}

/** Answers a call that cannot be made, in gRPC's terms. */
function refusesCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  server: grpc.Server,
  { onUnknownMethod }: StreamGuardOptions,
): boolean {
  if (!hasMethod(server, String(headers[constants.HTTP2_HEADER_PATH]))) {
    endWithStatus(stream, Status.UNIMPLEMENTED, "the server does not have this method");
    onUnknownMethod?.();
    return true;
  }
  const timeout = headers["grpc-timeout"];
  if (timeout !== undefined && !(typeof timeout === "string" && timeoutPattern.test(timeout))) {
    endWithStatus(stream, Status.INTERNAL, "grpc-timeout is not 1 to 8 digits and a unit");
    return true;
  }
  if (timeout !== undefined) {
    headers["grpc-timeout"] = withinTimers(timeout);
  }
  return false;
}

/** grpc-js counts a timeout in milliseconds of 32 bits, and takes one beyond that for one that is long over. */
function withinTimers(timeout: string): string {
  const hours = Number(timeout.slice(0, -1)) / (unitsPerHour[timeout.slice(-1)] ?? 1);
  return hours > longestTimeoutHours ? `${String(longestTimeoutHours)}H` : timeout;
}

function endWithStatus(stream: ServerHttp2Stream, code: Status, details: string): void {
  endUnread(stream, {
    [constants.HTTP2_HEADER_STATUS]: constants.HTTP_STATUS_OK,
    "content-type": "application/grpc+proto",
    "grpc-status": String(code),
    "grpc-message": details,
  });
}

/** Answers without looking at what else the client sends. */
function endUnread(stream: ServerHttp2Stream, headers: Record<string, string | number>): void {
  stream.on("error", () => undefined); // its "close" follows, and nobody waits for it
  stream.respond(headers, { endStream: true });
  stream.resume();
}

/** Counts, for each connection, the streams that were broken off. */
function createResetCounter(maxBrokenOff: number): (session: Http2Session | undefined) => void {
  const budgets = new WeakMap<Http2Session, ResetBudget>();
  return function noteBrokenOff(session) {
    if (session === undefined || session.destroyed) {
      return;
    }
    const budget = budgets.get(session) ?? new ResetBudget(maxBrokenOff);
    budgets.set(session, budget);
    if (!budget.spend()) {
      session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    }
  };
}
