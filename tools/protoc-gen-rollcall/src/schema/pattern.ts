import { RE2JS } from "@bufbuild/re2";
import { RegExpParser, visitRegExpAST } from "@eslint-community/regexpp";
import type { AST } from "@eslint-community/regexpp";
import { checkSync } from "recheck";

/** An expression of JavaScript that finds what a pattern of RE2 finds, or why there is none. */
export type CompiledPattern =
  | { readonly kind: "expression"; readonly source: string }
  | { readonly kind: "mistake"; readonly problem: string; readonly instead: string };

const ecmaVersion = 2024;
const timeoutMs = 20_000;

/**
 * Compiles a pattern. Patterns are RE2's, which knows neither look-around nor back-references and always takes linear
 * time. JavaScript's engine may take exponential time, so that such patterns are refused.
 *
 * @param boundedLength - Whether another rule bounds the length of the text to something small, which makes quadratic
 *   time harmless.
 */
export function compilePattern(pattern: string, boundedLength: boolean): CompiledPattern {
  const named = JSON.stringify(pattern);
  const invalid = firstError(() => RE2JS.compile(pattern));
  if (invalid !== undefined) {
    return mistake(`pattern ${named} is not an expression of RE2 (${invalid})`, "write it in RE2's syntax");
  }
  const foreign = firstError(() => parse(pattern));
  if (foreign !== undefined) {
    return mistake(
      `pattern ${named} is not an expression of JavaScript (${foreign})`,
      "write it in the syntax that RE2 and JavaScript share",
    );
  }
  const source = translate(pattern);
  return slowness(source, named, boundedLength) ?? { kind: "expression", source };
}

function slowness(source: string, named: string, boundedLength: boolean): CompiledPattern | undefined {
  const diagnostics = checkSync(source, "u", { timeout: timeoutMs });
  switch (diagnostics.status === "unknown" ? undefined : diagnostics.complexity.type) {
    case "safe":
    case "constant":
    case "linear":
      return undefined;
    case "polynomial":
      return boundedLength
        ? undefined
        : mistake(
            `pattern ${named} may take the square of the text's length in time, or more`,
            `anchor it with ^, or bound the text with a max_len of at most ${maxLengthOfSlowPattern}`,
          );
    case "exponential":
      return mistake(
        `pattern ${named} may take exponential time`,
        "write it so that no text matches a repeated part in two ways",
      );
    case undefined:
      return mistake(`pattern ${named} is too complex to tell how long it takes`, "write a simpler one");
  }
}

/** The longest text, in characters or bytes, for which quadratic time is harmless. */
export const maxLengthOfSlowPattern = 1_000;

/** RE2's `.` is anything but a line feed, and its `\s` is ASCII. In JavaScript, both are about all of Unicode. */
function translate(pattern: string): string {
  const changes: { readonly node: AST.Node; readonly text: string }[] = [];
  visitRegExpAST(parse(pattern), {
    onCharacterSetEnter: (node) => {
      if (node.kind === "any") {
        changes.push({ node, text: "[^\\n]" });
      } else if (node.kind === "space") {
        const inClass = node.parent.type === "CharacterClass";
        changes.push({ node, text: spaces(inClass, node.negate) });
      }
    },
    onCharacterEnter: (node) => {
      const text = legible(node.value, pattern.charAt(node.end));
      if (text !== undefined) {
        changes.push({ node, text });
      }
    },
  });
  return changes.reduceRight(
    (text, { node, text: instead }) => text.slice(0, node.start) + instead + text.slice(node.end),
    pattern,
  );
}

/** A character that cannot be seen in a source, or that linters take for a slip, written so that it can. */
function legible(code: number, next: string): string | undefined {
  if (code === 0 && !/[0-9]/.test(next)) {
    return "\\0";
  }
  return code > 0x7e ? `\\u{${code.toString(16)}}` : undefined;
}

const space = "\\t\\n\\f\\r ";
/** All but `space`, for use within brackets: U+000B, and everything from one side of them to the other. */
const noSpace = "\\0-\\x08\\x0b\\x0e-\\x1f!-\\u{10ffff}";

function spaces(inClass: boolean, negate: boolean): string {
  if (inClass) {
    return negate ? noSpace : space;
  }
  return `[${negate ? "^" : ""}${space}]`;
}

function parse(pattern: string): AST.Pattern {
  return new RegExpParser({ ecmaVersion }).parsePattern(pattern, 0, pattern.length, { unicode: true });
}

function firstError(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function mistake(problem: string, instead: string): CompiledPattern {
  return { kind: "mistake", problem, instead };
}
