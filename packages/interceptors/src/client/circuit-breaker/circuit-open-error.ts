import { Status, StatusError } from "@rollcall/rpc";

/** Why and for how long a circuit is open. */
export interface CircuitOpenErrorOptions {
  /** The service, or the path of the method, whose calls failed. */
  readonly circuit: string;
  /** How long no call is made, in milliseconds. */
  readonly retryDelayMs: number;
  readonly domain: string;
  readonly reason: string;
  /** The failure that opened the circuit. */
  readonly cause: unknown;
}

/** A call that was not made, because too many before it failed. No interceptor of this package repeats it. */
export class CircuitOpenError extends StatusError {
  constructor({ circuit, retryDelayMs, domain, reason, cause }: CircuitOpenErrorOptions) {
    const details = `too many calls of ${circuit} failed; the next is made in ${Math.ceil(retryDelayMs)} ms`;
    const errorInfo = { reason, domain, metadata: { circuit } };
    // To a server that made the call for a client of its own it is as if the other server had said so.
    super(Status.UNAVAILABLE, details, { errorDetails: { errorInfo }, retryDelayMs, received: true, cause });
  }
}
