import { createPage, describe, summarize, table } from "./markdown.js";
import type { Page } from "./markdown.js";
import type { Contents } from "./contents.js";
import { linkMethod, pageOf } from "./contents.js";

/** The page that leads to all others. */
export function createIndexPage({ services, errors }: Contents): Page {
  const more = [
    "- [Messages](messages.md): what requests and responses are made of, with the rules on each field",
    ...(errors.length === 0 ? [] : ["- [Errors](errors.md): why calls fail, and what to do then"]),
  ];
  return createPage("README.md", [
    "# Reference",
    more.join("\n"),
    ...services.flatMap((service) => [
      `## [${service.name}](${pageOf(service)})`,
      describe(service),
      table(
        ["RPC", "What it does"],
        service.methods.map((method) => [linkMethod(method), summarize(method)]),
      ),
    ]),
  ]);
}
