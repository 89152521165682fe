import { readFile } from "node:fs/promises";

/** What a process has used since it began. */
export interface ProcessUsage {
  /** CPU time of all its threads, in milliseconds. */
  readonly cpuMs: number;
  /** The most memory it has held at a time, in bytes. */
  readonly peakBytes: number;
}

const ticksPerSecond = 100; // USER_HZ, the same on every Linux that Node runs on

/** Reads what the kernel says about a process. Linux only. */
export async function usageOf(pid: number): Promise<ProcessUsage> {
  const [stat, status] = await Promise.all([readProc(pid, "stat"), readProc(pid, "status")]);
  // The name in parentheses may hold spaces; user and system time are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  const peakKib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
  return { cpuMs: (ticks * 1_000) / ticksPerSecond, peakBytes: peakKib * 1_024 };
}

function readProc(pid: number, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, "utf8");
}
