import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { readPolicy } from "../policy/declared-policy.js";
import { anchorOf, code, createPage, describe, summarize, table } from "./markdown.js";
import type { Page } from "./markdown.js";
import type { Contents } from "./contents.js";
import { linkReasons, linkType, pageOf } from "./contents.js";
import { describeAccess, describeLimits, describeRepetition } from "./policy-text.js";

/** Tells of a service: its RPCs at a glance, then each with what it does and what it demands. */
export function createServicePage(contents: Contents, service: DescService): Page {
  return createPage(pageOf(service), [
    `# ${service.name}`,
    describe(service),
    `On the wire: ${code(service.typeName)}.`,
    table(
      ["RPC", "Who may call", "What it does"],
      service.methods.map((method) => row(contents, method)),
    ),
    ...service.methods.flatMap((method) => describeMethod(contents, method)),
  ]);
}

function row({ registry }: Contents, method: DescMethod): readonly string[] {
  const policy = readPolicy(method, registry);
  const link = `[${method.name}](#${anchorOf(method.name)})`;
  return [link, policy === undefined ? "" : describeAccess(policy), summarize(method)];
}

function describeMethod(contents: Contents, method: DescMethod): readonly string[] {
  const policy = readPolicy(method, contents.registry);
  const facts = [
    ["Request", stream(method, "request") + linkType(contents, method.input)],
    ["Response", stream(method, "response") + linkType(contents, method.output)],
    ...(policy === undefined ? [] : [["Who may call", describeAccess(policy)] as const]),
    ["A repeat", describeRepetition(method, policy)],
    ...(policy === undefined ? [] : describeLimits(method, policy)),
  ];
  const list = facts.map(([name, text]) => `- ${name}: ${text}`).join("\n");
  return [`## ${method.name}`, linkReasons(contents, describe(method)), list];
}

function stream({ methodKind }: DescMethod, side: "request" | "response"): string {
  const streaming =
    methodKind === "bidi_streaming" || methodKind === (side === "request" ? "client_streaming" : "server_streaming");
  return streaming ? "stream of " : "";
}
