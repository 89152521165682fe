import { anchorOf, code, createPage, describe, table } from "./markdown.js";
import type { Page } from "./markdown.js";
import type { Contents } from "./contents.js";

/** Tells of all reasons of errors, each with its status code and metadata. */
export function createErrorsPage({ errors }: Contents): Page {
  const rows = errors.map((error) => [
    `<a id="${anchorOf(error.reason)}"></a>${code(error.reason)}`,
    error.code.replace(/^STATUS_CODE_/, ""),
    error.metadataKeys.map(code).join(", "),
    describe(error.value).replace(/^[A-Z_]+: (.)/, (_match, first: string) => first.toUpperCase()),
  ]);
  return createPage("errors.md", [
    "# Errors",
    [
      "A call that fails ends with a status code and, for programs, a `google.rpc.ErrorInfo`: its `reason` is one of these,",
      "and its `metadata` has the keys beside it. A program may meet a reason that is newer than itself,",
      "and goes by the status code then.",
    ].join("\n"),
    table(["Reason", "Status", "Metadata", "What happened and what to do"], rows),
  ]);
}
