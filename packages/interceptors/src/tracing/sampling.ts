import type { TraceContext } from "../trace-context.js";
import type { CompleteTracingOptions } from "./open-telemetry.js";

/** Whether to record a call: as its trace is, or where none has begun the share that is asked for. */
export function isRecorded(
  parent: TraceContext | undefined,
  { sampleRatio, random }: Pick<CompleteTracingOptions, "sampleRatio" | "random">,
): boolean {
  return parent?.sampled ?? (sampleRatio === 1 || random() < sampleRatio);
}
