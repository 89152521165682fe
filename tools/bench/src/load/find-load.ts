import { hasH2load, h2load } from "./h2load.js";
import { http2Load } from "./http2-load.js";
import type { Load } from "./load.js";

/** h2load, which takes the least CPU time away from the server, or where it is not installed a process of Node. */
export async function findLoad(): Promise<Load> {
  return (await hasH2load()) ? h2load : http2Load;
}
