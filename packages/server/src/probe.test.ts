import { describe, expect, test } from "@jest/globals";
import { probe } from "./probe.js";

/** Runs a probe over the answers, until it has asked for all of them, and tells what it reported. */
async function report(answers: readonly (() => Promise<void>)[], timeoutMs?: number): Promise<unknown[]> {
  const stop = new AbortController();
  const reports: unknown[] = [];
  const left = [...answers];
  const ping = () => {
    const answer = left.shift();
    if (answer === undefined) {
      stop.abort();
    }
    return answer?.() ?? Promise.resolve();
  };
  const onChange = (well: boolean, error: unknown) => {
    reports.push(well ? "well" : String(error));
  };
  await probe({ ping, onChange, intervalMs: 1, timeoutMs, signal: stop.signal });
  return reports;
}

const well = () => Promise.resolve();
const refused = () => Promise.reject(new Error("refused"));
const silent = () => new Promise<void>(() => undefined);

describe("probe", () => {
  test("reports nothing while all is well", async () => {
    await expect(report([well, well])).resolves.toEqual([]);
  });

  test("reports the first failure and the first success after it", async () => {
    await expect(report([well, refused, refused, well, well])).resolves.toEqual(["Error: refused", "well"]);
  });

  test("takes silence for a failure", async () => {
    await expect(report([silent, well], 20)).resolves.toEqual(["Error: no answer within 20 ms", "well"]);
  });

  test("stops at once when told to, also while it waits for an answer", async () => {
    const stop = new AbortController();
    const probing = probe({
      ping: () => {
        stop.abort();
        return silent();
      },
      onChange: () => {
        throw new Error("nothing to report");
      },
      intervalMs: 60_000,
      timeoutMs: 60_000,
      signal: stop.signal,
    });
    await expect(probing).resolves.toBeUndefined();
  });

  test("asks nothing when it is told to stop beforehand", async () => {
    const ping = () => {
      throw new Error("asked");
    };
    await expect(probe({ ping, onChange: () => undefined, signal: AbortSignal.abort() })).resolves.toBeUndefined();
  });
});
