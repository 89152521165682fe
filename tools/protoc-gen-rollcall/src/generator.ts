import type { DescFile, FileRegistry } from "@bufbuild/protobuf";
import type { Problem } from "./problem.js";

/** A module to be written beside the one that ts-proto writes for the same proto. */
export interface GeneratedModule {
  /** What takes the place of `.proto` in the proto's path, such as `.schema.ts`. */
  readonly suffix: string;
  /** TypeScript. Need not be formatted: Prettier formats it before it is written. */
  readonly text: string;
}

/** What every generator may look up, and where it tells what is wrong. */
export interface GeneratorContext {
  /** Every file, message, enum, service and extension of the request, those of imported files too. */
  readonly registry: FileRegistry;
  /** Whether modules are generated from the file in this run, rather than it only being imported. */
  readonly isGenerated: (file: DescFile) => boolean;
  /** Notes a mistake in a proto. Go on after it: all mistakes of all files are told together, and nothing is written. */
  report(problem: Problem): void;
}

/** Compiles one aspect of a proto, or answers `undefined` when the proto says nothing about it. */
export type Generator = (file: DescFile, context: GeneratorContext) => GeneratedModule | undefined;
