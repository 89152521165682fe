import type { Bound, Goal } from "../goal.js";
import { ratioOf } from "../statistics.js";
import type { UnaryResult } from "./measure-unary.js";
import { type UnaryVariant, variants } from "./unary-variant.js";

/** All results of one server. */
export interface MeasuredUnary {
  readonly name: string;
  readonly rounds: readonly UnaryResult[];
}

type Comparison = readonly [row: string, ours: UnaryVariant, peer: UnaryVariant, atMost: number | undefined];

const { ours, oursWithConcerns } = variants;

const comparisons: readonly Comparison[] = [
  ["U1", ours, variants.bare, 0.85],
  ["U1", ours, variants.raw, 1.5],
  ["U2", oursWithConcerns, variants.bareWithToken, 1.05],
  ["U3", oursWithConcerns, variants.verifying, 0.35],
  // Where tokens are remembered little else is left to save: a third of it is about what node:http2 takes by itself.
  ["U3", oursWithConcerns, variants.remembering, undefined],
  ["U3", oursWithConcerns, variants.niceGrpc, 0.8],
  ["U3", oursWithConcerns, variants.connectNode, 0.2],
];

/** The CPU time of a call beside that of each peer, and what it has to be. */
export function unaryGoals(measured: readonly MeasuredUnary[]): readonly Goal[] {
  const cpuOf = ({ name }: UnaryVariant) =>
    measured.find((one) => one.name === name)?.rounds.map(({ cpuUsPerCall }) => cpuUsPerCall) ?? [];
  return comparisons.map(([row, one, peer, atMost]) => ({
    row,
    comparison: `CPU of a call: ${one.name} / ${peer.name}`,
    measured: ratioOf(cpuOf(one), cpuOf(peer)),
    bound: boundOf(atMost),
  }));
}

function boundOf(atMost: number | undefined): Bound | undefined {
  return atMost === undefined ? undefined : { kind: "atMost", value: atMost };
}
