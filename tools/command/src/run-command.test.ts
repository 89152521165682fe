import { existsSync } from "node:fs";
import { mkdir, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { runCommand } from "./run-command.js";
import { createTemporaryFolder } from "./temporary-folder.js";

describe("runCommand", () => {
  const node = (script: string) => runCommand(process.execPath, ["-e", script]);

  test.each([
    ["the exit code", "process.exit(3)", { exitCode: 3, output: "" }],
    ["what went to standard output", "console.log('out')", { exitCode: 0, output: "out\n" }],
    ["what went to standard error", "console.error('err')", { exitCode: 0, output: "err\n" }],
    ["1 for a program that a signal ended", "process.kill(process.pid, 'SIGKILL')", { exitCode: 1, output: "" }],
  ])("tells %s", async (_case, script, result) => {
    await expect(node(script)).resolves.toEqual(result);
  });

  test("finds the programs of the dependencies by name", async () => {
    await expect(runCommand("tsc", ["--version"])).resolves.toMatchObject({ exitCode: 0 });
  });

  test("runs in the folder and with the variables it is given", async () => {
    await using folder = await createTemporaryFolder();
    const script = "process.stdout.write(process.cwd() + process.env.GREETING)";
    const { output } = await runCommand(process.execPath, ["-e", script], {
      folder: folder.path,
      env: { GREETING: "hello" },
    });
    expect(output).toBe(`${await realpath(folder.path)}hello`);
  });

  test("ends a program that would run for ever when its signal is aborted", async () => {
    const stop = new AbortController();
    const result = await runCommand(process.execPath, ["-e", "console.log('up'); setInterval(() => {}, 1000)"], {
      signal: stop.signal,
      onOutput: () => {
        stop.abort();
      },
    });
    expect(result).toEqual({ exitCode: 1, output: "up\n" });
  });

  test("rejects when there is no such program", async () => {
    await expect(runCommand("no-such-program", [])).rejects.toThrow("ENOENT");
  });
});

describe("createTemporaryFolder", () => {
  test("leaves nothing behind", async () => {
    let path: string;
    {
      await using folder = await createTemporaryFolder();
      path = folder.path;
      await mkdir(join(path, "inner"));
      await writeFile(join(path, "inner", "file"), "");
    }
    expect(existsSync(path)).toBe(false);
  });
});
