import type { Place } from "./place.js";

/** A mistake in a proto, told so that whoever wrote it can put it right. */
export interface Problem extends Place {
  /** What is wrong, as in `rules for int32 are on a field of type string`. */
  readonly problem: string;
  /** What to write instead, as in `write string.min_len`. */
  readonly instead: string;
}

/** All problems, one a line, in the order of the protos. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.toSorted(inOrder).map(formatProblem).join("\n");
}

function formatProblem({ file, line, element, problem, instead }: Problem): string {
  return `${file}:${line}: ${element}: ${problem}; ${instead}`;
}

function inOrder(one: Problem, other: Problem): number {
  return one.file === other.file ? one.line - other.line : one.file < other.file ? -1 : 1;
}
