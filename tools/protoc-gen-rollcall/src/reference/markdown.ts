import type { AnyDesc, DescFile } from "@bufbuild/protobuf";
import { commentOf } from "../doc-comment.js";

/** A page of the reference. */
export interface Page {
  /** Its file, such as `messages.md`. */
  readonly name: string;
  /** Markdown. */
  readonly text: string;
}

/** Joins the blocks of a page. Its first line says that it is generated. */
export function createPage(name: string, blocks: readonly string[]): Page {
  const notice = "<!-- Generated from the protos by npm run generate. Do not edit. -->";
  return { name, text: `${[notice, ...blocks].join("\n\n")}\n` };
}

/** A table. A row has a text for each column; line breaks and bars in it are taken care of. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cellOf).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}

/** What a proto says about an element, paragraphs and all. */
export function describe(element: Exclude<AnyDesc, DescFile>): string {
  return commentOf(element) ?? "";
}

/** The first sentence of what a proto says about an element. */
export function summarize(element: Exclude<AnyDesc, DescFile>): string {
  const [paragraph = ""] = describe(element).split("\n\n");
  const text = paragraph.replaceAll("\n", " ");
  return /^.*?[.:](?= |$)/.exec(text)?.[0] ?? text;
}

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

/** Words as a list of alternatives: `a, b or c`. */
export function either(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

/** Text set as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

function cellOf(text: string): string {
  return text.replaceAll("\n", " ").replaceAll("|", "\\|");
}
