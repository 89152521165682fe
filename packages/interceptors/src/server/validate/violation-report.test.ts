import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { encodeErrorDetails, Status } from "@rollcall/rpc";
import { reportViolations, type ViolationReport } from "./violation-report.js";

describe("reportViolations", () => {
  test("names every field when there are few", () => {
    const violations = [
      { field: "name", description: "must not be empty", rule: "string.min_len" },
      { field: "roles[0]", description: "must not be empty" },
    ];

    expect(reportViolations(violations)).toEqual({
      summary: "name must not be empty; roles[0] must not be empty",
      badRequest: {
        fieldViolations: [
          { field: "name", description: "must not be empty", reason: "string.min_len" },
          { field: "roles[0]", description: "must not be empty", reason: "" },
        ],
      },
    });
  });

  test("names the first ones, and at most as many as a trailer has room for", () => {
    const violation = fc.record({
      field: fc.string({ unit: "binary", maxLength: 128 }),
      description: fc.string({ unit: "binary", maxLength: 80 }),
      rule: fc.string({ unit: "grapheme-ascii", maxLength: 40 }),
    });

    fc.assert(
      fc.property(fc.array(violation, { minLength: 1, maxLength: 80 }), (violations) => {
        const { summary, badRequest } = reportViolations(violations);
        const named = badRequest.fieldViolations;

        const given = violations.map(({ rule, ...violation }) => ({ ...violation, reason: rule }));
        expect(named).toEqual(given.slice(0, named.length));
        expect(named.length).toBeGreaterThanOrEqual(1);
        expect(named.length).toBeLessThanOrEqual(50);
        const texts = named.map(({ field, description }) => `${field} ${description}`);
        expect(named.length === 1 || Buffer.byteLength(texts.join("")) <= 3_600).toBe(true);
        const whole = texts.filter((_, index) => summary.startsWith(texts.slice(0, index + 1).join("; "))).length;
        expect(whole).toBeGreaterThanOrEqual(1);
        expect(whole === 1 || Buffer.byteLength(summary) <= 512 + "; and 79 more".length).toBe(true);
        expect(whole === violations.length || summary.endsWith(" more")).toBe(true);
      }),
    );
  });

  test("cuts a path that has grown with the request, and leaves characters whole", () => {
    const field = `metadata["${"😀".repeat(10_000)}"]`;
    const { summary, badRequest } = reportViolations([{ field, description: "is too long" }]);
    const shown = `metadata["${"😀".repeat(118)}…`;
    expect(badRequest.fieldViolations).toEqual([{ field: shown, description: "is too long", reason: "" }]);
    expect(summary).toBe(`${shown} is too long`);
  });

  const lengths = [0, 1, 5, 20, 50, 100, 128, 10_000];
  const characters = ["x", '"', "ä", "中", "😀"];

  test.each(characters.flatMap((character) => lengths.map((length) => [length, character] as const)))(
    "fits into the 8 KiB of trailers that clients accept, with paths of %d times %s",
    (length, character) => {
      for (const count of [1, 2, 10, 50, 10_000]) {
        const violation = { field: character.repeat(length), description: "d".repeat(80), rule: "r".repeat(40) };
        const violations = Array.from({ length: count }, () => violation);
        expect(trailerBytesOf(reportViolations(violations))).toBeLessThan(8 * 1024);
      }
    },
  );
});

/** What the report takes up as a status in a trailer, with the names of its fields and 32 bytes for each. */
function trailerBytesOf({ summary, badRequest }: ViolationReport): number {
  const errorInfo = { reason: "INVALID_REQUEST", domain: "example", metadata: {} };
  const details = encodeErrorDetails(Status.INVALID_ARGUMENT, summary, { errorInfo, badRequest });
  const names = ["grpc-status", "grpc-message", "grpc-status-details-bin"];
  const base64 = Math.ceil((details?.length ?? 0) / 3) * 4;
  return encodeURIComponent(summary).length + base64 + names.join("").length + 32 * names.length;
}
