/** One rule on a value. */
export interface Rule<T> {
  /** The id that protovalidate gives the rule, such as `string.min_len`. */
  readonly ruleId: string;
  /** What a value that breaks the rule must do instead, as in `must have at least 8 characters`. */
  readonly message: string;
  /** Whether the value keeps the rule. */
  test(value: T): boolean;
}

/** How the rules on a value treat the zero value of its type: an empty text, 0, `false`, an empty list. */
export interface ZeroOptions {
  /** The zero value breaks the rule `required`. */
  readonly required?: boolean;
  /** The zero value is valid, whatever the rules. */
  readonly ignoreZero?: boolean;
  /** Negative zero counts as zero. So it does among the items of a list, and not in a field. */
  readonly negativeZero?: boolean;
}

/** The rule of protovalidate's `required`, which stands before all others. */
export const requiredRule: Rule<unknown> = {
  ruleId: "required",
  message: "must be given",
  test: (value) => value !== undefined,
};

/** Whether the value keeps all rules. */
export function keepsAll<T>(rules: readonly Rule<T>[], value: T): boolean {
  for (const rule of rules) {
    if (!rule.test(value)) {
      return false;
    }
  }
  return true;
}
