import { type Bounds, measuredRange } from "./range.js";
import type { Rule } from "./rule.js";

/** A span of time as ts-proto keeps it: whole seconds, and nanoseconds of the same sign. */
export interface DurationValue {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** A point in time within bounds. When the lower bound is above the upper one, it must not lie between them. */
export function timestampRange(bounds: Bounds<Date>): Rule<Date> {
  return measuredRange("timestamp", bounds, (date) => date.getTime(), printDate);
}

/** Exactly this point in time. */
export function timestampConst(expected: Date): Rule<Date> {
  return {
    ruleId: "timestamp.const",
    message: `must be ${printDate(expected)}`,
    test: (date) => date.getTime() === expected.getTime(),
  };
}

/** In the past, or right now. */
export function ltNow(now: () => number = Date.now): Rule<Date> {
  return { ruleId: "timestamp.lt_now", message: "must be in the past", test: (date) => date.getTime() <= now() };
}

/** In the future, or right now. */
export function gtNow(now: () => number = Date.now): Rule<Date> {
  return { ruleId: "timestamp.gt_now", message: "must be in the future", test: (date) => date.getTime() >= now() };
}

/** At most this far from now, in the past or in the future. */
export function within(span: DurationValue, now: () => number = Date.now): Rule<Date> {
  const spanMs = Number(span.seconds) * 1_000 + span.nanos / 1_000_000;
  return {
    ruleId: "timestamp.within",
    message: `must be within ${printDuration(span)} of now`,
    test: (date) => Math.abs(date.getTime() - now()) <= spanMs,
  };
}

/** A span of time within bounds. When the lower bound is above the upper one, it must not lie between them. */
export function durationRange(bounds: Bounds<DurationValue>): Rule<DurationValue> {
  return measuredRange("duration", bounds, nanosOf, printDuration);
}

/** Exactly this span of time. */
export function durationConst(expected: DurationValue): Rule<DurationValue> {
  return {
    ruleId: "duration.const",
    message: `must be ${printDuration(expected)}`,
    test: (span) => nanosOf(span) === nanosOf(expected),
  };
}

/** One of these spans of time. */
export function durationIn(values: readonly DurationValue[]): Rule<DurationValue> {
  const known = new Set(values.map(nanosOf));
  return {
    ruleId: "duration.in",
    message: `must be one of ${values.map(printDuration).join(", ")}`,
    test: (span) => known.has(nanosOf(span)),
  };
}

/** None of these spans of time. */
export function durationNotIn(values: readonly DurationValue[]): Rule<DurationValue> {
  const known = new Set(values.map(nanosOf));
  return {
    ruleId: "duration.not_in",
    message: `must not be one of ${values.map(printDuration).join(", ")}`,
    test: (span) => !known.has(nanosOf(span)),
  };
}

function nanosOf({ seconds, nanos }: DurationValue): bigint {
  return seconds * 1_000_000_000n + BigInt(nanos);
}

function printDate(date: Date): string {
  return date.toISOString();
}

function printDuration(span: DurationValue): string {
  return `${Number(nanosOf(span)) / 1_000_000_000} s`;
}
