import type { ErrorCode } from "../status.js";
import type { StatusError } from "../status-error.js";

/** What every error with one reason says, as its proto tells. */
export interface ReasonDefinition {
  /** The status that the call ends with. */
  readonly code: ErrorCode;
  /** The keys of the metadata; all of them are in every error with the reason. */
  readonly metadataKeys: readonly string[];
  /** A sentence for people, in which `{key}` stands for the metadata under a key. */
  readonly message: string;
}

/** All reasons of a domain. */
export interface ReasonTable {
  /** Who gives the reasons: the domain of the `google.rpc.ErrorInfo`. */
  readonly domain: string;
  /** By reason, such as `EMAIL_TAKEN`. */
  readonly reasons: Readonly<Record<string, ReasonDefinition>>;
}

/** The reasons of a table. */
export type ReasonIn<T extends ReasonTable> = keyof T["reasons"] & string;

/** The metadata that comes with every error of one reason. */
export type ReasonMetadata<T extends ReasonTable, R extends ReasonIn<T>> = Readonly<
  Record<T["reasons"][R]["metadataKeys"][number], string>
>;

/** An error with one reason of a table, its metadata typed. */
export type ReasonError<T extends ReasonTable, R extends ReasonIn<T> = ReasonIn<T>> = {
  readonly [Name in R]: StatusError & {
    readonly reason: Name;
    readonly errorDetails: {
      readonly errorInfo: {
        readonly reason: Name;
        readonly domain: T["domain"];
        readonly metadata: ReasonMetadata<T, Name>;
      };
    };
  };
}[R];

/**
 * What an error says to programs: its reason and the metadata that comes with it. A reason that the table does not have
 * is kept by name under `unknown`; programs that were built before the server are told so.
 */
export type FoundReason<T extends ReasonTable> =
  | { readonly [R in ReasonIn<T>]: { readonly reason: R; readonly metadata: ReasonMetadata<T, R> } }[ReasonIn<T>]
  | {
      readonly reason: "unknown";
      /** The reason as it came. */
      readonly name: string;
      readonly domain: string;
      readonly metadata: Readonly<Record<string, string | undefined>>;
    };
