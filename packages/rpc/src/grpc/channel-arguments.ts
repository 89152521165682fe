import type { ChannelOptions as ChannelArguments } from "@grpc/grpc-js";

/** How an option of ours is told to grpc-js. */
export interface ArgumentRule {
  /** The channel argument, such as `grpc.keepalive_time_ms`. */
  readonly argument: string;
  /** The value when none is given; without one the argument is then left out. */
  readonly byDefault?: number;
}

/**
 * The channel arguments for a set of options. grpc-js takes any key and any value and ignores what it does not
 * understand, so the options are checked here.
 *
 * @throws TypeError for an option that is unknown, or not a whole number above 0.
 */
export function toChannelArguments<Name extends string>(
  rules: Readonly<Record<Name, ArgumentRule>>,
  options: Readonly<Partial<Record<Name, number | undefined>>>,
): ChannelArguments {
  const names = Object.keys(rules) as Name[]; // the keys of a constant object are its own
  checkNames(options, names);
  const entries = names.map((name) => [rules[name].argument, options[name] ?? rules[name].byDefault, name] as const);
  return Object.fromEntries(
    entries.flatMap(([argument, value, name]) => (value === undefined ? [] : [[argument, wholeNumber(name, value)]])),
  );
}

/**
 * Refuses options that do not exist.
 *
 * @throws TypeError for a key that is not among `names`.
 */
export function checkNames(options: object, names: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`unknown option ${JSON.stringify(unknown)}; the options are ${names.join(", ")}`);
  }
}

/**
 * The value of an option that counts something.
 *
 * @throws TypeError if it is not a whole number above 0.
 */
export function wholeNumber(name: string, value: number): number {
  if (!Number.isInteger(value) || value <= 0) {
    throw new TypeError(`option ${name} is ${String(value)}; it takes a whole number above 0`);
  }
  return value;
}
