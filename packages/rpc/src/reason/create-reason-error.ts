import type { ErrorDetails } from "../error-details.js";
import { StatusError } from "../status-error.js";
import { fillMessage } from "./fill-message.js";
import type { ReasonError, ReasonIn, ReasonTable } from "./reason-table.js";

/** What an error says besides its reason and metadata. */
export interface ReasonErrorOptions {
  /** The sentence for people, instead of the one that comes with the reason. Sent to the peer. */
  readonly details?: string | undefined;
  /** More for programs, such as the fields of the request that are wrong. Sent to the peer. */
  readonly errorDetails?: Omit<ErrorDetails, "errorInfo"> | undefined;
  /** The failure behind this error. Logged by the server, never sent to the peer. */
  readonly cause?: unknown;
}

/** Metadata to give an error. Numbers travel as text. */
export type MetadataInput<Key extends string> = Readonly<Record<Key, string | number | bigint>>;

/** The keys of the metadata that comes with a reason. */
export type MetadataKey<T extends ReasonTable, R extends ReasonIn<T>> = T["reasons"][R]["metadataKeys"][number];

/** Makes an error with a reason of the table: with its code, its sentence and a `google.rpc.ErrorInfo`. */
export function createReasonError<T extends ReasonTable, R extends ReasonIn<T>>(
  table: T,
  reason: R,
  input: MetadataInput<MetadataKey<T, R>>,
  options: ReasonErrorOptions = {},
): ReasonError<T, R> {
  const definition = table.reasons[reason];
  if (definition === undefined) {
    throw new TypeError(`unknown reason ${JSON.stringify(reason)}; the domain ${table.domain} does not have it`);
  }
  const metadata = Object.fromEntries(Object.entries(input).map(([key, value]) => [key, String(value)]));
  const details = options.details ?? fillMessage(definition.message, metadata);
  const errorDetails = { ...options.errorDetails, errorInfo: { reason, domain: table.domain, metadata } };
  const error = new StatusError(definition.code, details, {
    errorDetails,
    ...("cause" in options ? { cause: options.cause } : {}),
  });
  // It was just given the reason, the domain and the metadata of the type.
  return error as ReasonError<T, R>;
}
