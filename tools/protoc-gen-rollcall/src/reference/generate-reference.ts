import type { DescFile, FileRegistry } from "@bufbuild/protobuf";
import { gatherContents } from "./contents.js";
import { createErrorsPage } from "./errors-page.js";
import { createIndexPage } from "./index-page.js";
import type { Page } from "./markdown.js";
import { createMessagesPage } from "./messages-page.js";
import { createServicePage } from "./service-page.js";

/** Writes the reference of some protos: a page that leads to the others, one for each service, messages, and errors. */
export function generateReference(files: readonly DescFile[], registry: FileRegistry): readonly Page[] {
  const contents = gatherContents(files, registry);
  return [
    createIndexPage(contents),
    ...contents.services.map((service) => createServicePage(contents, service)),
    createMessagesPage(contents),
    ...(contents.errors.length === 0 ? [] : [createErrorsPage(contents)]),
  ];
}
