import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { repositoryRoot } from "./repository-root.js";

/** Where and how a program runs. */
export interface CommandOptions {
  /** Its working folder. Defaults to the root of the repository. */
  readonly folder?: string;
  /** Variables added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Receives each piece of output as it comes. */
  readonly onOutput?: (text: string) => void;
  /** Ends the program, without appeal, when aborted. */
  readonly signal?: AbortSignal;
}

/** What became of a program. */
export interface CommandResult {
  /** 0 says that all is well. A program that a signal ended counts as 1. */
  readonly exitCode: number;
  /** What it printed to both of its streams, in the order of arrival. */
  readonly output: string;
}

/**
 * Runs a program to its end. The programs of the repository's dependencies are found by their bare names.
 *
 * @throws Error when there is no such program.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  { folder = repositoryRoot, env = {}, onOutput, signal }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, ...env, PATH: searchPath() },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        onOutput?.(text);
      });
    }
    const end = () => child.kill("SIGKILL");
    signal?.addEventListener("abort", end);
    if (signal?.aborted === true) {
      end();
    }
    child.on("error", reject);
    child.on("close", (exitCode) => {
      signal?.removeEventListener("abort", end);
      resolve({ exitCode: exitCode ?? 1, output });
    });
  });
}

function searchPath(): string {
  return [join(repositoryRoot, "node_modules", ".bin"), process.env["PATH"] ?? ""].join(delimiter);
}
