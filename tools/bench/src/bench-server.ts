import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { serverModule } from "./compiled-module.js";
import type { ServerMessage } from "./servers/tell-bench.js";

/** A server in a process of its own. */
export interface BenchServer {
  readonly port: number;
  /** The CPU time that all its threads have used so far, in microseconds. */
  cpuUs(): Promise<number>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** How a server is started. */
export interface BenchServerOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** The folder where the server leaves a CPU profile when it ends. */
  readonly profileFolder?: string | undefined;
}

/** Starts one of the programs in `servers`, and waits until it serves. */
export async function startBenchServer(name: string, options: BenchServerOptions = {}): Promise<BenchServer> {
  const { environment = {}, profileFolder } = options;
  const child = fork(serverModule(name), {
    env: { ...process.env, ...environment },
    execArgv:
      profileFolder === undefined
        ? []
        : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${name}.${Date.now()}.cpuprofile`],
  });
  const { port } = await nextMessage(child, "port");
  return {
    port,
    async cpuUs() {
      child.send("usage");
      const { cpuUs } = await nextMessage(child, "cpuUs");
      return cpuUs;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) {
        child.disconnect();
      }
      if (child.exitCode === null && child.signalCode === null) {
        await once(child, "exit");
      }
    },
  };
}

async function nextMessage<K extends "port" | "cpuUs">(
  child: ChildProcess,
  key: K,
): Promise<Extract<ServerMessage, Readonly<Record<K, number>>>> {
  const ended = new AbortController();
  const onExit = () => {
    ended.abort(new Error(`${child.spawnfile} ${child.spawnargs.join(" ")} ended before it told its ${key}`));
  };
  child.once("exit", onExit);
  try {
    // The servers send nothing but answers to what they are asked, in that order.
    const [message] = (await once(child, "message", { signal: ended.signal })) as [
      Extract<ServerMessage, Readonly<Record<K, number>>>,
    ];
    return message;
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error;
  } finally {
    child.removeListener("exit", onExit);
  }
}
