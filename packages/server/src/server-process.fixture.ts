import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The program `rollcall-server` in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number | undefined;
  /** Where it listens, once it does; rejects when it ends before that. */
  readonly address: Promise<string>;
  /** Its exit code, once it has ended; null when a signal ended it. */
  readonly exitCode: Promise<number | null>;
  /** What it has printed to standard output until now. */
  readonly output: string;
  /** What it has printed to standard error until now. */
  readonly errors: string;
  /** Resolves once a line with this text was printed to standard output; rejects when it ends before that. */
  printed(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

/** Starts the program with these settings and no others. It listens on a free port unless they say otherwise. */
export function startServerProcess(
  settings: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): ServerProcess {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("ROLLCALL_"));
  const child = spawn(process.execPath, ["--conditions=@rollcall/source", "--import", "tsx", main, ...args], {
    env: { ...Object.fromEntries(own), ROLLCALL_AUTH: "off", ROLLCALL_GRPC_ADDRESS: "127.0.0.1:0", ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exitCode = once(child, "close").then(() => child.exitCode);
  let output = "";
  let errors = "";
  child.stdout.on("data", (bytes: Buffer) => {
    output += bytes.toString();
  });
  child.stderr.on("data", (bytes: Buffer) => {
    errors += bytes.toString();
  });
  const lines = createInterface(child.stdout);
  const lineWith = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      lines.on("line", (line) => {
        const found = pattern.exec(line);
        if (found !== null) {
          resolve(found);
        }
      });
      void exitCode.then(() => {
        reject(new Error(`the server ended: ${output}${errors}`));
      });
    });
  const address = lineWith(/"address":"([^"]+)"/).then(([, found = ""]) => found);
  address.catch(() => undefined); // for tests that await its end alone

  return {
    pid: child.pid,
    address,
    exitCode,
    get output() {
      return output;
    },
    get errors() {
      return errors;
    },
    async printed(text) {
      await lineWith(new RegExp(text));
    },
    signal: (name) => child.kill(name),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exitCode;
    },
  };
}
