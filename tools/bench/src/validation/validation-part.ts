import { measureValidation } from "@rollcall/tool-protoc-gen-rollcall/measure-validation";
import { type Goal, goalTable } from "../goal.js";
import { markdownTable } from "../markdown-table.js";
import type { PartResult } from "../part.js";
import { spreadOf } from "../statistics.js";

/** The check of a CreateUserRequest, in three ways. */
export async function validationPart(): Promise<PartResult> {
  console.log("checking a CreateUserRequest in three ways");
  const times = await measureValidation();
  const { schemaNs, protovalidateNs, byHandNs } = times;
  const table = markdownTable(
    ["check of a CreateUserRequest", "ns", "ratio to the schema"],
    Object.entries({
      "generated schema": schemaNs,
      "@bufbuild/protovalidate": protovalidateNs,
      "by hand": byHandNs,
    }).map(([name, ns]) => [name, String(Math.round(ns)), `${(ns / schemaNs).toFixed(1)} x`]),
  );
  const goals: Goal[] = [
    {
      row: "V1",
      comparison: "check of a CreateUserRequest: protovalidate / generated schema",
      measured: spreadOf([protovalidateNs / schemaNs]),
      bound: { kind: "atLeast", value: 3 },
    },
  ];
  return { title: "Validation", markdown: `${table}\n\n${goalTable(goals)}`, data: { times, goals } };
}
