import { StatusError } from "@rollcall/rpc";

/**
 * The same error, saying first what could not be done: it ends calls that are about something else. The code and the reason
 * stay as they are.
 */
export function explainFailure(what: string, error: unknown): unknown {
  if (!(error instanceof StatusError)) {
    return error;
  }
  const { code, details, errorDetails, retryDelayMs } = error;
  return new StatusError(code, `${what}: ${details}`, { errorDetails, retryDelayMs, received: true, cause: error });
}
