import { fork } from "node:child_process";
import { once } from "node:events";
import { compiledModule } from "../compiled-module.js";
import type { LoadResult, LoadTarget } from "./load.js";

/** What the process is told: a body survives the way there as base64. */
export interface LoadOrder extends Omit<LoadTarget, "body"> {
  readonly bodyBase64: string;
  readonly calls: number;
}

/** Makes the calls with a process of Node, over node:http2. */
export async function http2Load({ body, ...target }: LoadTarget, calls: number): Promise<LoadResult> {
  const child = fork(compiledModule("load", "http2-load-process"));
  const ended = once(child, "exit");
  const answered = once(child, "message") as Promise<[LoadResult]>; // it sends nothing else
  child.send({ ...target, bodyBase64: Buffer.from(body).toString("base64"), calls } satisfies LoadOrder);
  const result = await Promise.race([answered.then(([answer]) => answer), ended.then(() => undefined)]);
  await ended;
  if (result === undefined) {
    throw new Error(`the load on port ${target.port} failed`);
  }
  return result;
}
