import { describe, expect, test } from "@jest/globals";
import { runGate } from "./gate.js";

describe("runGate", () => {
  const node = (script: string) =>
    runGate({ name: "a gate", command: [process.execPath, "-e", script], fix: "mend it" });

  test("counts a program that exits with 0 as passed", async () => {
    await expect(node("console.log('fine')")).resolves.toMatchObject({ passed: 1, failed: 0, output: "fine\n" });
  });

  test("counts any other exit code as failed, and keeps what the program printed", async () => {
    const script = "console.error('broken'); process.exitCode = 2";
    await expect(node(script)).resolves.toMatchObject({ passed: 0, failed: 1, output: "broken\n", fix: "mend it" });
  });

  test("counts a program that does not exist as failed", async () => {
    const result = await runGate({ name: "a gate", command: ["no-such-program"], fix: "install it" });
    expect(result).toMatchObject({ passed: 0, failed: 1 });
    expect(result.output).toContain("no-such-program");
  });
});
