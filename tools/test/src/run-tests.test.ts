import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { createTemporaryFolder } from "@rollcall/tool-command";
import { runTests } from "./run-tests.js";

const timeoutMs = 60_000;

describe("runTests", () => {
  /** Runs Jest over test files with these contents. */
  async function runFiles(...contents: readonly string[]) {
    await using folder = await createTemporaryFolder();
    const config = join(folder.path, "jest.config.json");
    await writeFile(config, JSON.stringify({ testMatch: ["**/*.test.cjs"], transform: {} }));
    for (const [index, content] of contents.entries()) {
      await writeFile(join(folder.path, `${index}.test.cjs`), content);
    }
    let shown = "";
    const { passed, failed, skipped } = await runTests({
      config,
      exitGraceMs: 100,
      onOutput: (text) => (shown += text),
    });
    return { counts: { passed, failed, skipped: skipped.length }, skipped, shown };
  }

  test.each([
    [
      "passed, failed and skipped tests",
      ["test('a', () => {}); test('b', () => { throw 1 }); test.skip('c', () => {})"],
      [1, 1, 1],
    ],
    ["a test still to be written as skipped", ["test('a', () => {}); test.todo('b')"], [1, 0, 1]],
    ["a file that cannot run as failed", ["test('a', () => {})", "require('./absent.cjs')"], [1, 1, 0]],
    [
      "a file that cannot run beside a test that fails",
      ["test('a', () => { throw 1 })", "require('./absent.cjs')"],
      [0, 2, 0],
    ],
    ["a file without tests as failed", ["test('a', () => {})", ""], [1, 1, 0]],
    [
      "every test of a set-up that fails",
      ["beforeAll(() => { throw 1 }); test('a', () => {}); test('b', () => {})"],
      [0, 2, 0],
    ],
    [
      "a run that something keeps from exiting as failed",
      ["setInterval(() => {}, 1000); test('a', () => {})"],
      [1, 1, 0],
    ],
    ["no test at all as failed", [], [0, 1, 0]],
  ])(
    "counts %s",
    async (_case, files, [passed, failed, skipped]) => {
      const { counts } = await runFiles(...files);
      expect(counts).toEqual({ passed, failed, skipped });
    },
    timeoutMs,
  );

  test(
    "names each skipped test with its file, and shows what Jest says as it says it",
    async () => {
      const { skipped, shown } = await runFiles("describe('nats', () => test.skip('delivers', () => {}))");
      expect(skipped).toEqual([expect.stringMatching(/0\.test\.cjs: nats delivers$/)]);
      expect(shown).toContain("1 skipped");
    },
    timeoutMs,
  );
});
