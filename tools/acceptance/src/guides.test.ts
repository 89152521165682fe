import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { runGuide } from "./guide.js";
import { startServerForOthers } from "./server-for-others.js";

const timeoutMs = 30_000; // a program in a process of its own

describe("the TypeScript in a guide runs and prints what the guide says", () => {
  test.each([["README.md"], [join("packages", "client", "README.md")], [join("packages", "contracts", "README.md")]])(
    "%s",
    async (path) => {
      await using server = await startServerForOthers();
      const { exitCode, printed, promised } = await runGuide(path, server.address);
      expect({ exitCode, printed }).toEqual({ exitCode: 0, printed: promised });
      expect(promised.length).toBeGreaterThan(0);
    },
    timeoutMs,
  );
});
