import { StatusError } from "../status-error.js";
import type { FoundReason, ReasonError, ReasonIn, ReasonTable } from "./reason-table.js";

/**
 * Whether an error was given for this reason, with all metadata that comes with the reason; then its
 * `errorDetails.errorInfo.metadata` is typed.
 */
export function hasReason<T extends ReasonTable, R extends ReasonIn<T>>(
  table: T,
  error: unknown,
  reason: R,
): error is ReasonError<T, R> {
  return error instanceof StatusError && error.reason === reason && isKnown(table, error);
}

/**
 * The reason and the metadata of an error, to switch on. `undefined` for what is not an error of a call or gives no
 * reason. Under `unknown`: reasons of other domains, reasons that the table does not have, and those that came without the
 * metadata that belongs to them.
 */
export function readReason<T extends ReasonTable>(table: T, error: unknown): FoundReason<T> | undefined {
  if (!(error instanceof StatusError) || error.errorDetails.errorInfo === undefined) {
    return undefined;
  }
  const { reason, domain, metadata } = error.errorDetails.errorInfo;
  if (isKnown(table, error)) {
    // The table has the reason, and the metadata was found complete.
    return { reason, metadata } as FoundReason<T>;
  }
  return { reason: "unknown", name: reason, domain, metadata };
}

function isKnown(table: ReasonTable, { errorDetails: { errorInfo } }: StatusError): boolean {
  if (errorInfo?.domain !== table.domain || !Object.hasOwn(table.reasons, errorInfo.reason)) {
    return false;
  }
  const keys = table.reasons[errorInfo.reason]?.metadataKeys ?? [];
  return keys.every((key) => Object.hasOwn(errorInfo.metadata, key));
}
