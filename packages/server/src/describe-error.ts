import { isNativeError } from "node:util/types";

/** An error as it is logged: what happened, where, and what caused it. */
export interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  /** The code of a system error, a driver's error or a status. */
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: ErrorDescription;
}

const maxCauses = 8;

/**
 * Describes anything that was thrown, and the chain of its causes. Other properties of errors are left out: drivers put
 * the values there that a statement was about.
 */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!isNativeError(error)) {
    return { type: typeof error, message: String(error) };
  }
  const { code } = error as { code?: unknown }; // Node, its drivers and StatusError have one; others answer undefined
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined || depth >= maxCauses ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}
