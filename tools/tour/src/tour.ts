import type { RollcallClient, User } from "@rollcall/client";
import type { Narrator } from "./narrator.js";

/** What the chapters of the walk share. */
export interface Tour {
  /** Makes its calls as an administrator, once it has signed in. */
  readonly client: RollcallClient;
  readonly address: string;
  readonly narrator: Narrator;
  /** Tells this walk from others on the same server. */
  readonly run: string;
  /** Everybody whom the walk made, so that it leaves nobody behind. */
  readonly created: Map<string, User>;
}

/** Since when, in words. */
export function took(startMs: number): string {
  return `${Math.round(performance.now() - startMs)} ms`;
}
