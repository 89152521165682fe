import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { runGuide } from "./guide.js";
import { startServerForOthers } from "./server-for-others.js";

const timeoutMs = 30_000; // a program in a process of its own

describe("the TypeScript in a guide runs and prints what the guide says", () => {
  test.each([
    ["README.md", "required"],
    [join("packages", "client", "README.md"), "required"],
    [join("packages", "contracts", "README.md"), "off"],
  ] as const)(
    "%s",
    async (path, auth) => {
      await using server = await startServerForOthers({ auth });
      const { exitCode, printed, promised } = await runGuide(path, server);
      expect({ exitCode, printed }).toEqual({ exitCode: 0, printed: promised });
      expect(promised.length).toBeGreaterThan(0);
    },
    timeoutMs,
  );
});
