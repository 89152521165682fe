import type * as grpc from "@grpc/grpc-js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import type { OutgoingCall } from "../transport.js";
import type { Connection } from "./connection.js";
import { onAbort } from "./on-abort.js";

/**
 * What can end a call before the server does: its caller, and a connection that does not come about. Holds the error to
 * report in place of the bare `CANCELLED` with which grpc-js then ends the call.
 */
export class Ending {
  #error: Error | undefined;
  readonly #native: Pick<grpc.ClientUnaryCall, "cancel">;
  readonly #release: () => void;

  constructor(call: OutgoingCall, connection: Connection, native: Pick<grpc.ClientUnaryCall, "cancel">) {
    this.#native = native;
    const { cancelSignal } = call;
    const stopHeeding =
      cancelSignal &&
      onAbort(cancelSignal, () => {
        this.endWith(cancelledBy(cancelSignal));
      });
    const stopWaiting = connection.await((error) => {
      this.endWith(error);
    });
    this.#release = () => {
      stopWaiting();
      stopHeeding?.();
    };
  }

  /** Ends the call, and makes `error` the one to report unless there is one already. */
  endWith(error: unknown): void {
    this.#error ??= error as Error; // or whatever else the caller's own code threw
    this.#native.cancel();
  }

  /** Runs what the caller gave to be told something. What that throws ends the call: thrown into grpc-js, it would end the process. */
  tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.endWith(error);
    }
  }

  /** The call has ended: whatever it was registered with forgets it. */
  release(): void {
    this.#release();
  }

  /** The error to report, which grpc-js reported as `received`; undefined when neither the server nor anyone else failed it. */
  errorOf(received: StatusError | undefined): Error | undefined {
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
