import { describe, expect, test } from "@jest/globals";
import { readH2load } from "./h2load.js";

const printed = (finished: string, statusCodes: string) => `
finished in ${finished}, 38231.44 req/s, 7.20MB/s
requests: 20000 total, 20000 started, 20000 done, 20000 succeeded, 0 failed, 0 errored, 0 timeout
status codes: ${statusCodes}
traffic: 3.77MB (3953848) total, 163.55KB (167480) headers (space savings 95.25%), 3.38MB (3540000) data
                     min         max         mean         sd        +/- sd
time for request:      312us     18.43ms      3.21ms      1.02ms    80.11%
`;

describe("readH2load", () => {
  const all = "20000 2xx, 0 3xx, 0 4xx, 0 5xx";

  test.each([
    ["seconds", "1.25s", 1.25],
    ["milliseconds", "523.11ms", 0.52311],
    ["microseconds", "900us", 0.0009],
  ])("reads a time in %s", (_unit, finished, seconds) => {
    expect(readH2load(printed(finished, all), 20_000)).toEqual({ seconds, bodyBytes: 3_540_000 });
  });

  test.each([
    ["an answer that is not HTTP 200", printed("1s", "19999 2xx, 0 3xx, 1 4xx, 0 5xx")],
    ["a call without an answer", printed("1s", "19999 2xx, 0 3xx, 0 4xx, 0 5xx")],
    ["output of another kind", "h2load: unknown option"],
  ])("refuses %s", (_case, output) => {
    expect(() => readH2load(output, 20_000)).toThrow("not all of 20000 calls were answered");
  });
});
