import { goalTable } from "../goal.js";
import { interleave } from "../interleave.js";
import { findLoad } from "../load/find-load.js";
import { markdownTable, showFigure } from "../markdown-table.js";
import type { PartOptions, PartResult } from "../part.js";
import { median } from "../statistics.js";
import { createCredentials } from "./credentials.js";
import { measureUnary } from "./measure-unary.js";
import { type MeasuredUnary, unaryGoals } from "./unary-goals.js";
import { variants } from "./unary-variant.js";

/** GetUser on Rollcall and its peers. */
export async function unaryPart({ quick, profileFolder }: PartOptions): Promise<PartResult> {
  const conditions = {
    load: await findLoad(),
    credentials: await createCredentials(),
    calls: quick ? 12_000 : 30_000,
    profileFolder,
  };
  const measured = await interleave(Object.values(variants), quick ? 2 : 6, (variant) =>
    measureUnary(variant, conditions),
  );
  const goals = unaryGoals(measured);
  return {
    title: "GetUser, 4 connections with 32 streams each",
    markdown: `${serverTable(measured)}\n\n${goalTable(goals)}`,
    data: { measured, goals },
  };
}

function serverTable(measured: readonly MeasuredUnary[]): string {
  const rows = measured.map(({ name, rounds }) => [
    name,
    showFigure(median(rounds.map(({ callsPerSecond }) => callsPerSecond))),
    showFigure(median(rounds.map(({ cpuUsPerCall }) => cpuUsPerCall))),
  ]);
  return markdownTable(["server", "calls/s", "CPU us/call"], rows);
}
