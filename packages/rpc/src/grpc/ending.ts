import type * as grpc from "@grpc/grpc-js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import type { OutgoingCall } from "../transport.js";
import type { Connection } from "./connection.js";

/**
 * What can end a call before the server does: its caller, and a connection that does not come about. Holds the error to
 * report in place of the bare `CANCELLED` with which grpc-js then ends the call.
 */
export class Ending {
  #error: unknown;
  readonly #release: () => void;

  constructor(call: OutgoingCall, connection: Connection, native: Pick<grpc.ClientUnaryCall, "cancel">) {
    const end = (error: unknown) => {
      this.#error ??= error;
      native.cancel();
    };
    const cancelled = () => {
      end(cancelledBy(call.cancelSignal));
    };
    const stopWaiting = connection.await(end);
    call.cancelSignal?.addEventListener("abort", cancelled, { once: true });
    this.#release = () => {
      stopWaiting();
      call.cancelSignal?.removeEventListener("abort", cancelled);
    };
  }

  /** Makes `error` the one to report, unless there is one already. */
  blame(error: unknown): void {
    this.#error ??= error;
  }

  /** The call has ended: whatever it was registered with forgets it. */
  release(): void {
    this.#release();
  }

  /** The error to report when grpc-js reports `received`. */
  errorOf(received: StatusError): unknown {
    return this.#error ?? received;
  }
}

/** The error of a call that its own caller ended. */
export function cancelledBy(signal: AbortSignal | undefined): StatusError {
  return new StatusError(Status.CANCELLED, "the call was cancelled by its caller", {
    cause: signal?.reason,
    received: true,
  });
}
