import * as grpc from "@grpc/grpc-js";
import { decodeErrorDetails, encodeErrorDetails } from "../error-details.js";
import type { Metadata } from "../metadata.js";
import { type ErrorCode, errorCodeOf, Status } from "../status.js";
import { StatusError } from "../status-error.js";
import { toGrpcMetadata } from "./grpc-metadata.js";

const detailsKey = "grpc-status-details-bin";
const pushbackKey = "grpc-retry-pushback-ms";
const longestPushbackMs = 2 ** 31 - 1;

/** A status as grpc-js sends it. */
export interface ErrorStatus {
  readonly code: grpc.status;
  readonly details: string;
  readonly metadata: grpc.Metadata;
}

/**
 * Most bytes of text and of details that an error may send. Peers commonly refuse trailers above 8 KiB, and a call whose
 * trailer is refused ends with no status at all.
 */
const maxTextLength = 1_024;
const maxDetailsBytes = 5 * 1_024;

/**
 * The error as grpc-js sends it, with its details and the call's trailer. Of details that are too large only the reason
 * and when to try again are sent, or none.
 */
export function toStatusObject(error: StatusError, trailer: Metadata | undefined): ErrorStatus {
  const metadata = trailer === undefined ? new grpc.Metadata() : toGrpcMetadata(trailer);
  const details = error.details.slice(0, maxTextLength).toWellFormed(); // grpc-js throws on half a surrogate pair
  const bytes = boundedDetails(error, details);
  if (bytes !== undefined) {
    metadata.set(detailsKey, Buffer.from(bytes));
  }
  if (error.retryDelayMs !== undefined) {
    metadata.set(pushbackKey, pushbackOf(error.retryDelayMs));
  }
  return { code: grpcCode(error.code), details, metadata };
}

function boundedDetails({ code, errorDetails }: StatusError, text: string): Uint8Array | undefined {
  const { errorInfo, retryInfo } = errorDetails;
  const candidates = [errorDetails, { errorInfo, retryInfo }].map((some) => encodeErrorDetails(code, text, some));
  return candidates.find((bytes) => bytes === undefined || bytes.length <= maxDetailsBytes);
}

/** The error that a call received as its end. */
export function fromStatusObject(status: Pick<grpc.StatusObject, "code" | "details" | "metadata">): StatusError {
  const bytes = status.metadata.get(detailsKey)[0];
  const errorDetails = bytes instanceof Uint8Array ? decodeErrorDetails(bytes) : {};
  const retryDelayMs = retryDelayIn(status.metadata.get(pushbackKey)[0]);
  return new StatusError(errorCodeOf(status.code), status.details, { errorDetails, retryDelayMs, received: true });
}

function pushbackOf(delayMs: number): string {
  return Number.isFinite(delayMs) ? String(Math.min(Math.max(Math.round(delayMs), 0), longestPushbackMs)) : "-1";
}

/** What is negative, or no number of 32 bits at all, means not to make the call again. */
function retryDelayIn(pushback: grpc.MetadataValue | undefined): number | undefined {
  if (pushback === undefined) {
    return undefined;
  }
  const delayMs = /^[0-9]+$/.test(String(pushback)) ? Number(pushback) : Infinity;
  return delayMs <= longestPushbackMs ? delayMs : Infinity;
}

function grpcCode(code: ErrorCode): grpc.status {
  // Both enums are those of the specification, name for name.
  return grpc.status[Status[code] as keyof typeof grpc.status];
}
