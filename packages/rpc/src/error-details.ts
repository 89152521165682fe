import type { Any } from "./gen/google/protobuf/any.js";
import {
  BadRequest,
  DebugInfo,
  ErrorInfo,
  Help,
  LocalizedMessage,
  PreconditionFailure,
  QuotaFailure,
  RequestInfo,
  ResourceInfo,
  RetryInfo,
} from "./gen/google/rpc/error_details.js";
import { Status as RpcStatus } from "./gen/google/rpc/status.js";
import type { AnyMessageType } from "./message.js";

/**
 * What an error says to programs: at most one `google.rpc` message of each type.
 *
 * @see https://google.aip.dev/193
 */
export interface ErrorDetails {
  readonly errorInfo?: ErrorInfo | undefined;
  readonly retryInfo?: RetryInfo | undefined;
  readonly debugInfo?: DebugInfo | undefined;
  readonly quotaFailure?: QuotaFailure | undefined;
  readonly preconditionFailure?: PreconditionFailure | undefined;
  readonly badRequest?: BadRequest | undefined;
  readonly requestInfo?: RequestInfo | undefined;
  readonly resourceInfo?: ResourceInfo | undefined;
  readonly help?: Help | undefined;
  readonly localizedMessage?: LocalizedMessage | undefined;
  /** Details of types that this version does not know, as they came. */
  readonly unknown?: readonly Any[] | undefined;
}

type DetailName = Exclude<keyof ErrorDetails, "unknown">;

const detailTypes: Readonly<Record<DetailName, Pick<AnyMessageType, "encode" | "decode">>> = {
  errorInfo: ErrorInfo,
  retryInfo: RetryInfo,
  debugInfo: DebugInfo,
  quotaFailure: QuotaFailure,
  preconditionFailure: PreconditionFailure,
  badRequest: BadRequest,
  requestInfo: RequestInfo,
  resourceInfo: ResourceInfo,
  help: Help,
  localizedMessage: LocalizedMessage,
};

const detailNames = Object.keys(detailTypes) as DetailName[]; // the keys of a constant object are its own
const typeUrlPrefix = "type.googleapis.com/google.rpc.";
const typeUrlOf = (name: DetailName) => typeUrlPrefix + name.charAt(0).toUpperCase() + name.slice(1);
const nameByTypeUrl = new Map(detailNames.map((name) => [typeUrlOf(name), name]));

/** The bytes of a `grpc-status-details-bin` trailer, or undefined when there are no details to send. */
export function encodeErrorDetails(code: number, message: string, errorDetails: ErrorDetails): Uint8Array | undefined {
  const details = [...detailNames.flatMap((name) => pack(name, errorDetails)), ...(errorDetails.unknown ?? [])];
  return details.length === 0 ? undefined : RpcStatus.encode({ code, message, details }).finish();
}

/** The details in a `grpc-status-details-bin` trailer. Bytes that are no `google.rpc.Status` carry none. */
export function decodeErrorDetails(bytes: Uint8Array): ErrorDetails {
  try {
    const entries = RpcStatus.decode(bytes).details.map(unpack);
    const unknown = entries.flatMap((entry) => ("any" in entry ? [entry.any] : []));
    const known = Object.fromEntries(entries.flatMap((entry) => ("any" in entry ? [] : [[entry.name, entry.detail]])));
    return unknown.length === 0 ? known : { ...known, unknown };
  } catch {
    return {};
  }
}

function pack(name: DetailName, errorDetails: ErrorDetails): Any[] {
  const detail = errorDetails[name];
  if (detail === undefined) {
    return [];
  }
  // `detail` has the type that its own name stands for, which TypeScript cannot follow through the union.
  return [{ typeUrl: typeUrlOf(name), value: detailTypes[name].encode(detail as never).finish() }];
}

function unpack(any: Any): { readonly any: Any } | { readonly name: DetailName; readonly detail: unknown } {
  const name = nameByTypeUrl.get(any.typeUrl);
  return name === undefined ? { any } : { name, detail: detailTypes[name].decode(any.value) };
}
