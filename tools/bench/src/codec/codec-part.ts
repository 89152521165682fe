import { fork } from "node:child_process";
import { once } from "node:events";
import { compiledModule } from "../compiled-module.js";
import { type Goal, goalTable } from "../goal.js";
import { markdownTable, showFigure } from "../markdown-table.js";
import type { PartOptions, PartResult } from "../part.js";
import { median, ratioOf } from "../statistics.js";
import type { EncodeTimes } from "./encode-process.js";

/** How long it takes to encode a User. */
export async function codecPart({ quick }: PartOptions): Promise<PartResult> {
  const measured: EncodeTimes[] = [];
  const rounds = quick ? 3 : 9;
  for (let round = 1; round <= rounds; round++) {
    console.log(`round ${round} of ${rounds}: encoding a User`);
    measured.push(await encodeTimes());
  }
  const ours = measured.map(({ oursNs }) => oursNs);
  const generated = measured.map(({ generatedNs }) => generatedNs);
  const goals: Goal[] = [
    {
      row: "K1",
      comparison: "encode of a User: Rollcall / ts-proto as generated",
      measured: ratioOf(ours, generated),
      bound: { kind: "atMost", value: 0.5 },
    },
  ];
  const table = markdownTable(
    ["encode of a User", "ns"],
    [
      ["Rollcall", showFigure(median(ours))],
      ["ts-proto as generated", showFigure(median(generated))],
    ],
  );
  return { title: "Codec", markdown: `${table}\n\n${goalTable(goals)}`, data: { measured, goals } };
}

async function encodeTimes(): Promise<EncodeTimes> {
  const child = fork(compiledModule("codec", "encode-process"));
  const ended = once(child, "exit");
  const told = once(child, "message") as Promise<[EncodeTimes]>; // it sends nothing else
  const times = await Promise.race([told.then(([answer]) => answer), ended.then(() => undefined)]);
  await ended;
  if (times === undefined) {
    throw new Error("encoding failed");
  }
  return times;
}
