import { type InterceptedClientCall, Status, StatusError } from "@rollcall/rpc";

const longestTimerMs = 2 ** 31 - 1;

/**
 * The promise's outcome, unless the call is cancelled or its deadline passes first: nothing else heeds either before the call
 * is made. The promise goes on, for others that wait for it.
 *
 * @throws StatusError `CANCELLED` or `DEADLINE_EXCEEDED`.
 */
export function withinCall<T>(promise: Promise<T>, { signal, deadline }: InterceptedClientCall): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      const options = { cause: signal.reason as unknown, received: true };
      reject(new StatusError(Status.CANCELLED, "the call was cancelled by its caller", options));
    };
    const overdue = () => {
      const details = "the deadline of the call passed before there was an access token";
      reject(new StatusError(Status.DEADLINE_EXCEEDED, details, { received: true }));
    };
    if (signal.aborted) {
      cancel();
    }
    signal.addEventListener("abort", cancel, { once: true });
    const remainingMs = deadline === undefined ? Infinity : deadline.getTime() - Date.now();
    const timer = remainingMs <= longestTimerMs ? setTimeout(overdue, remainingMs) : undefined;
    const release = () => {
      signal.removeEventListener("abort", cancel);
      clearTimeout(timer);
    };
    promise.then(resolve, reject).then(release, release);
  });
}
