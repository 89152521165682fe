import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryFolder, runCommand } from "@rollcall/tool-command";
import { connections, type LoadResult, type LoadTarget, streamsPerConnection } from "./load.js";

/** Whether h2load is installed. It comes with nghttp2. */
export async function hasH2load(): Promise<boolean> {
  return await runCommand("h2load", ["--version"]).then(
    ({ exitCode }) => exitCode === 0,
    () => false,
  );
}

/** Makes the calls with h2load. */
export async function h2load(target: LoadTarget, calls: number): Promise<LoadResult> {
  await using folder = await createTemporaryFolder();
  const body = join(folder.path, "request");
  await writeFile(body, target.body);
  const headers = Object.entries(target.metadata).flatMap(([key, value]) => ["-H", `${key}: ${value}`]);
  const { exitCode, output } = await runCommand("h2load", [
    ...["-n", String(calls), "-c", String(connections), "-m", String(streamsPerConnection), "-t", "1"],
    ...["--data", body, ...headers],
    `http://127.0.0.1:${target.port}${target.path}`,
  ]);
  if (exitCode !== 0) {
    throw new Error(`h2load failed:\n${output}`);
  }
  return readH2load(output, calls);
}

/**
 * Reads what h2load prints at its end.
 *
 * @throws Error unless every call was answered with HTTP 200.
 */
export function readH2load(output: string, calls: number): LoadResult {
  const finished = /^finished in ([\d.]+)(us|ms|s),/m.exec(output);
  const succeeded = /^status codes: (\d+) 2xx/m.exec(output)?.[1];
  const bodyBytes = /^traffic: .* \((\d+)\) data$/m.exec(output)?.[1];
  if (finished === null || bodyBytes === undefined || Number(succeeded) !== calls) {
    throw new Error(`not all of ${calls} calls were answered:\n${output}`);
  }
  const perSecond = { us: 1_000_000, ms: 1_000, s: 1 }[finished[2] ?? ""] ?? NaN;
  return { seconds: Number(finished[1]) / perSecond, bodyBytes: Number(bodyBytes) };
}
