/**
 * Why the store could not do what it was asked.
 *
 * - `emailTaken`: another user has this e-mail, whatever its case; `index` says which record of the batch.
 * - `requestIdTaken`: the method was already called with this request id; its first answer can be read.
 * - `userNotFound`, `versionMismatch`: the user to change is gone, or is no longer at the version named.
 * - `invalidText`: a text holds NUL or a lone surrogate, which the databases cannot keep.
 * - `contention`: other units of work were in the way each time this one was tried. Trying again later is safe.
 * - `unavailable`: the database does not answer. A unit of work that ends so may or may not have been committed.
 * - `full`: the disk is full; reads still work, and writes do once there is space.
 * - `folderInUse`: another process has opened the data folder.
 * - `newerSchema`: a newer version of Rollcall migrated the database.
 * - `misconfigured`: the database URL or the data folder cannot be used as given.
 * - `internal`: anything else, a defect or a damaged database.
 */
export type StoreErrorKind =
  | "emailTaken"
  | "requestIdTaken"
  | "userNotFound"
  | "versionMismatch"
  | "invalidText"
  | "contention"
  | "unavailable"
  | "full"
  | "folderInUse"
  | "newerSchema"
  | "misconfigured"
  | "internal";

/** What is known of a {@link StoreError} beside its kind. */
export interface StoreErrorOptions {
  /** The error of the driver or of the operating system. For logs: it may quote stored values. */
  readonly cause?: unknown;
  /** For `emailTaken`: the position of the offending record among those given, from 0. */
  readonly index?: number;
}

/** The one error of the storage layer: whatever a driver throws arrives as this, told apart by {@link kind}. */
export class StoreError extends Error {
  override readonly name = "StoreError";

  /** For `emailTaken`: the position of the offending record among those given, from 0. */
  readonly index: number | undefined;

  constructor(
    readonly kind: StoreErrorKind,
    message: string,
    options: StoreErrorOptions = {},
  ) {
    super(message, options);
    this.index = options.index;
  }
}
