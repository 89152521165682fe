import { describe, expect, test } from "@jest/globals";
import { createFakeClock } from "@rollcall/testing";
import { RunningRequests } from "./running-requests.js";

const call = { signal: new AbortController().signal };

/** Work that ends when it is told to. */
function createWork(name: string, log: string[]) {
  let end: () => void = () => undefined;
  let fail: () => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = () => {
      reject(new Error(name));
    };
  });
  const work = async () => {
    log.push(`${name} begins`);
    await ended;
    log.push(`${name} ends`);
  };
  return { work, end, fail };
}

function start() {
  const clock = createFakeClock();
  const log: string[] = [];
  return { clock, log, requests: new RunningRequests({ maxWaitMs: 1_000, sleep: clock.sleep }) };
}

describe("RunningRequests", () => {
  test("begins the first at once, and an equal one when the first has ended", async () => {
    const { clock, log, requests } = start();
    const [one, two] = [createWork("one", log), createWork("two", log)];
    const first = requests.run("a", call, one.work);
    const second = requests.run("a", call, two.work);
    await clock.sleepers();
    expect(log).toEqual(["one begins"]);
    one.end();
    two.end();
    await Promise.all([first, second]);
    expect(log).toEqual(["one begins", "one ends", "two begins", "two ends"]);
  });

  test("begins an equal one also when the first has failed, and tells its error to the first alone", async () => {
    const { clock, log, requests } = start();
    const [one, two] = [createWork("one", log), createWork("two", log)];
    const first = requests.run("a", call, one.work);
    const second = requests.run("a", call, two.work);
    await clock.sleepers();
    one.fail();
    two.end();
    await expect(first).rejects.toThrow("one");
    await expect(second).resolves.toBeUndefined();
    expect(log).toEqual(["one begins", "two begins", "two ends"]);
  });

  test("begins an equal one when it has waited long enough, and others wait for the first still", async () => {
    const { clock, log, requests } = start();
    const [one, two, three] = [createWork("one", log), createWork("two", log), createWork("three", log)];
    const first = requests.run("a", call, one.work);
    const second = requests.run("a", call, two.work);
    await clock.sleepers();
    await clock.advance(1_000);
    two.end();
    await second;
    const third = requests.run("a", call, three.work);
    await clock.sleepers();
    expect(log).toEqual(["one begins", "two begins", "two ends"]);
    one.end();
    three.end();
    await Promise.all([first, third]);
  });

  test.each(["before", "while"])("does not begin one whose call ended %s it waited, and says why", async (when) => {
    const { clock, log, requests } = start();
    const one = createWork("one", log);
    const first = requests.run("a", call, one.work);
    const ending = new AbortController();
    if (when === "before") {
      ending.abort(new Error("gone"));
    }
    const second = requests.run("a", ending, createWork("two", log).work);
    const refused = expect(second).rejects.toThrow("gone");
    if (when === "while") {
      await clock.sleepers();
      ending.abort(new Error("gone"));
    }
    await refused;
    one.end();
    await first;
    expect(log).toEqual(["one begins", "one ends"]);
  });

  test("lets unequal ones run side by side, and an equal one at once when all is over", async () => {
    const { log, requests } = start();
    const [one, two, three] = [createWork("one", log), createWork("two", log), createWork("three", log)];
    const both = [requests.run("a", call, one.work), requests.run("b", call, two.work)];
    expect(log).toEqual(["one begins", "two begins"]);
    one.end();
    two.end();
    await Promise.all(both);
    void requests.run("a", call, three.work);
    expect(log.at(-1)).toBe("three begins");
    three.end();
  });
});
