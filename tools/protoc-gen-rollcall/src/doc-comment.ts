import type { AnyDesc, DescFile } from "@bufbuild/protobuf";
import { getComments } from "@bufbuild/protoplugin";

/** What a proto says about an element in the comment above it (or behind it), or `undefined`. */
export function commentOf(element: Exclude<AnyDesc, DescFile>): string | undefined {
  const { leading, trailing } = getComments(element);
  const text = (leading ?? trailing)
    ?.split("\n")
    .map((line) => line.trim())
    .join("\n")
    .trim();
  return text === "" ? undefined : text;
}

/** A docstring that says this text, ready to stand above a declaration. */
export function docComment(text: string): string {
  const lines = text.replaceAll("*/", "*\u200B/").split("\n");
  if (lines.length === 1) {
    return `/** ${lines.join("")} */`;
  }
  return ["/**", ...lines.map((line) => (line === "" ? " *" : ` * ${line}`)), " */"].join("\n");
}
