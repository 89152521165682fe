import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { OpenStoreOptions } from "./open-store.js";

/** A program of the tests in a process of its own. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** What it has printed until now, by lines. */
  readonly lines: readonly string[];
  /** What it has printed to standard error until now. */
  readonly errors: string;
  /** Resolves once it has printed `count` lines; rejects when it ends before that. */
  waitForLines(count: number): Promise<void>;
  /** Ends it with SIGKILL, and resolves once it is gone and all that it printed is in {@link lines}. */
  kill(): Promise<void>;
  /** Resolves with its exit code once it has ended by itself. */
  waitForExit(): Promise<number | null>;
}

/** Starts a `.fixture.ts` that stands beside this one, which reads `options` by {@link readStoreOptions}. */
export function startChild(file: string, options: Partial<OpenStoreOptions>): Child {
  const path = fileURLToPath(new URL(`./${file}`, import.meta.url));
  const child = spawn(
    process.execPath,
    ["--conditions=@rollcall/source", "--import", "tsx", path, JSON.stringify(options)],
    { cwd: fileURLToPath(new URL(".", import.meta.url)), stdio: ["ignore", "pipe", "pipe"] },
  );
  const closed = once(child, "close");
  const lines: string[] = [];
  let errors = "";
  const reader = createInterface(child.stdout);
  reader.on("line", (line) => lines.push(line));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });

  const kill = async () => {
    child.kill("SIGKILL");
    await closed;
  };

  return {
    pid: child.pid ?? 0,
    lines,
    kill,
    [Symbol.asyncDispose]: kill,

    get errors() {
      return errors;
    },

    async waitForLines(count) {
      while (lines.length < count) {
        const event = await Promise.race([once(reader, "line"), closed.then(() => "closed" as const)]);
        if (event === "closed" && lines.length < count) {
          throw new Error(`${file} ended after ${lines.length} lines: ${errors}`);
        }
      }
    },

    async waitForExit() {
      await closed;
      return child.exitCode;
    },
  };
}

/** The options that {@link startChild} was given, in the process that it started. */
export function readStoreOptions(): OpenStoreOptions {
  // The cast trusts the test that starts this program.
  return JSON.parse(process.argv[2] ?? "{}") as OpenStoreOptions;
}
