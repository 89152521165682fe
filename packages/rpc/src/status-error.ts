import type { ErrorDetails } from "./error-details.js";
import type { Duration } from "./gen/google/protobuf/duration.js";
import { type ErrorCode, Status } from "./status.js";

/** What a status may carry beside its code and its text. */
export interface StatusErrorOptions {
  /** What programs on the other side may want to know, as `google.rpc` messages. Sent to the peer. */
  readonly errorDetails?: ErrorDetails;
  /** The failure behind this status. Logged by the server, never sent to the peer. */
  readonly cause?: unknown;
  /**
   * How long the client is told to wait before it makes the call again, in milliseconds (`grpc-retry-pushback-ms`);
   * `Infinity` tells it not to. Defaults to what the `google.rpc.RetryInfo` says, if there is one.
   */
  readonly retryDelayMs?: number | undefined;
  /** Whether the status was received as the end of a call that this program made. Defaults to false. */
  readonly received?: boolean;
}

/**
 * A call that ended with a status other than `OK`.
 *
 * Service implementations throw it to choose the status that the client sees; clients catch it and switch on
 * {@link code} or {@link reason}. Everything in {@link details} and {@link errorDetails} reaches the peer, so keep
 * internal state in `cause`.
 *
 * @see https://grpc.io/docs/guides/status-codes/
 */
export class StatusError extends Error {
  override readonly name = "StatusError";
  /** The `google.rpc` messages that came with the status; empty when there were none. */
  readonly errorDetails: ErrorDetails;
  /**
   * Whether this status ended a call that this program made. A server never passes such a status on to its own client:
   * thrown out of a handler it becomes `INTERNAL`. Throw a new StatusError to say something on purpose.
   */
  readonly received: boolean;
  /**
   * How long to wait before the call is made again, in milliseconds: `Infinity` means not to, undefined that nothing was
   * said about it.
   *
   * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md#pushback
   */
  readonly retryDelayMs: number | undefined;

  constructor(
    readonly code: ErrorCode,
    readonly details: string,
    options: StatusErrorOptions = {},
  ) {
    super(`${Status[code]}: ${details}`, "cause" in options ? { cause: options.cause } : undefined);
    this.errorDetails = options.errorDetails ?? {};
    this.received = options.received ?? false;
    this.retryDelayMs = options.retryDelayMs ?? millisecondsOf(options.errorDetails?.retryInfo?.retryDelay);
  }

  /** Why, for programs: the reason of the `google.rpc.ErrorInfo`, such as `EMAIL_TAKEN`. */
  get reason(): string | undefined {
    return this.errorDetails.errorInfo?.reason;
  }
}

function millisecondsOf(duration: Duration | undefined): number | undefined {
  return duration === undefined
    ? undefined
    : Math.max(Number(duration.seconds) * 1_000 + duration.nanos / 1_000_000, 0);
}
