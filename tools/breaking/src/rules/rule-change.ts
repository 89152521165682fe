/** A change of what the contract demands, beyond the shape of its messages. */
export interface RuleChange {
  /** `tightened`: what was accepted or granted no longer is. `loosened`: the other way round. */
  readonly kind: "tightened" | "loosened";
  /** The full name of what it is about: a field, an RPC or the value of an enum. */
  readonly scope: string;
  /** What changed: `string.max_len`, `policy.roles` or `error.code`. */
  readonly rule: string;
  /** What it was and what it is. */
  readonly message: string;
}

/** A change of an element that is still to be named. */
export type ChangeOfRule = Omit<RuleChange, "scope">;

/** Says how something changed that is better for callers the larger it is; nothing when it did not change. */
export function compareAmounts(
  rule: string,
  before: number | bigint,
  after: number | bigint,
  message: string,
): readonly ChangeOfRule[] {
  if (before === after) {
    return [];
  }
  return [{ kind: after < before ? "tightened" : "loosened", rule, message }];
}
