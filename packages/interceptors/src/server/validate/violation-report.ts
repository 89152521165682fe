import type { ErrorDetails } from "@rollcall/rpc";

/** One wrong field of a request. */
export interface FieldViolation {
  /** Its path, such as `users[17].email`. */
  readonly field: string;
  /** What is wrong with it, as in `must be a valid e-mail address`. */
  readonly description: string;
  /** The id of the contract's rule that it breaks, such as `string.min_len`. */
  readonly rule?: string | undefined;
}

/** What an error says of the wrong fields of a request. */
export interface ViolationReport {
  /** In words, for people. */
  readonly summary: string;
  /** One by one, for programs: a `google.rpc.BadRequest`. */
  readonly badRequest: NonNullable<ErrorDetails["badRequest"]>;
}

const maxNamed = 50;
const maxFieldCharacters = 128;
// A status travels in a trailer, of which many clients accept 8 KiB in all. Both texts get longer on the way: to three
// times their bytes at most, and by a third.
const maxSummaryBytes = 512;
const maxNamedBytes = 3_600;
const overheadBytes = 8;

/** Names as many of the violations as a client's limit on trailers has room for, up to fifty. */
export function reportViolations(violations: readonly FieldViolation[]): ViolationReport {
  const named = withinBytes(violations.slice(0, maxNamed).map(shortened), textOf, maxNamedBytes);
  const sentences = named.map(({ field, description }) => `${field} ${description}`);
  const told = withinBytes(sentences, (sentence) => sentence, maxSummaryBytes);
  const untold = violations.length - told.length;
  return {
    summary: told.join("; ") + (untold === 0 ? "" : `; and ${untold} more`),
    badRequest: {
      fieldViolations: named.map(({ field, description, rule = "" }) => ({ field, description, reason: rule })),
    },
  };
}

/** Paths hold keys of maps, which are the client's own text: no error grows with the request that it is about. */
function shortened(violation: FieldViolation): FieldViolation {
  const start = Array.from(violation.field.slice(0, 2 * (maxFieldCharacters + 1))); // a character is at most two units
  if (start.length <= maxFieldCharacters) {
    return violation;
  }
  return { ...violation, field: `${start.slice(0, maxFieldCharacters).join("")}…` };
}

function textOf({ field, description, rule = "" }: FieldViolation): string {
  return field + description + rule;
}

/** The first items, one at least, whose texts take up so many bytes at most. */
function withinBytes<T>(items: readonly T[], textOf: (item: T) => string, maxBytes: number): readonly T[] {
  let bytes = 0;
  const count = items.findIndex((item) => {
    bytes += Buffer.byteLength(textOf(item)) + overheadBytes;
    return bytes > maxBytes;
  });
  return count === -1 ? items : items.slice(0, Math.max(count, 1));
}
