import { describe, expect, test } from "@jest/globals";
import { MessageHooks } from "./message-hooks.js";
import { collect, createGate, rejection } from "./waiting.fixture.js";

async function* messages() {
  yield* await Promise.resolve(["a", "b"]);
}

describe("MessageHooks", () => {
  test("run one after the other, and leave nothing to wait for where none of them waits", () => {
    const hooks = new MessageHooks();
    const seen: string[] = [];
    hooks.add((message) => void seen.push(`1 ${String(message)}`));
    hooks.add((message) => void seen.push(`2 ${String(message)}`));
    expect(hooks.run("a")).toBeUndefined();
    expect(seen).toEqual(["1 a", "2 a"]);
  });

  test("wait for the one that waits before the next is run", async () => {
    const hooks = new MessageHooks();
    const { promise: told, resolve: tell } = createGate();
    const seen: string[] = [];
    hooks.add(() => void seen.push("before"));
    hooks.add(async () => {
      await told;
      seen.push("waited");
    });
    hooks.add(() => void seen.push("after"));
    const run = hooks.run("a");
    expect(seen).toEqual(["before"]);
    tell(undefined);
    await run;
    expect(seen).toEqual(["before", "waited", "after"]);
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("no");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no"))],
  ])("end where one %s", async (_case, refuse) => {
    const hooks = new MessageHooks();
    let later = 0;
    hooks.add(refuse);
    hooks.add(() => {
      later++;
    });
    const run = async () => {
      await hooks.run("a");
    };
    await expect(rejection(run())).resolves.toEqual(new Error("no"));
    expect(later).toBe(0);
  });

  test("see the messages of a stream as they are taken", async () => {
    const hooks = new MessageHooks();
    const source = messages();
    expect(hooks.isEmpty).toBe(true);
    expect(hooks.watch(source)).toBe(source);
    const seen: unknown[] = [];
    hooks.add((message) => void seen.push(message));
    const watched = hooks.watch(source)[Symbol.asyncIterator]();
    await watched.next();
    expect(seen).toEqual(["a"]);
    await expect(collect(hooks.watch(messages()))).resolves.toEqual(["a", "b"]);
  });
});
