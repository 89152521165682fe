import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { reportViolations } from "./field-violations.js";

describe("reportViolations", () => {
  test("names every field when there are few", () => {
    const violations = [
      { field: "name", description: "must not be empty" },
      { field: "roles[0]", description: "must not be empty" },
    ];

    expect(reportViolations(violations)).toEqual({
      summary: "name must not be empty; roles[0] must not be empty",
      named: violations,
    });
  });

  test("names the first ones, and at most as many as a trailer has room for", () => {
    const violation = fc.record({
      field: fc.string({ unit: "binary", maxLength: 300 }),
      description: fc.string({ unit: "binary", maxLength: 80 }),
    });

    fc.assert(
      fc.property(fc.array(violation, { minLength: 1, maxLength: 80 }), (violations) => {
        const { summary, named } = reportViolations(violations);

        expect(named).toEqual(violations.slice(0, named.length));
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
});
