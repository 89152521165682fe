import { describe, expect, test } from "@jest/globals";
import { MessageQueue } from "./message-queue.js";

describe("MessageQueue", () => {
  const take = (messages: AsyncIterator<string>) => messages.next();

  test("gives messages in the order they came, also those that come while it is waited for", async () => {
    const queue = new MessageQueue<string>(10);
    const messages = queue[Symbol.asyncIterator]();
    queue.push("a");
    queue.push("b");

    await expect(take(messages)).resolves.toEqual({ done: false, value: "a" });
    await expect(take(messages)).resolves.toEqual({ done: false, value: "b" });
    const waiting = take(messages);
    queue.push("c");
    await expect(waiting).resolves.toEqual({ done: false, value: "c" });
  });

  test("refuses what passes its limit, and takes more once something was taken", async () => {
    const queue = new MessageQueue<string>(2);
    const messages = queue[Symbol.asyncIterator]();

    expect(["a", "b", "c", "d"].map((message) => queue.push(message))).toEqual([true, true, false, false]);

    await take(messages);
    expect(["e", "f"].map((message) => queue.push(message))).toEqual([true, false]);
    await take(messages);
    await expect(take(messages)).resolves.toEqual({ done: false, value: "e" });
  });

  test("ends after what is in it, and takes no more then", async () => {
    const queue = new MessageQueue<string>(1);
    const messages = queue[Symbol.asyncIterator]();
    queue.push("a");
    queue.end();

    expect(queue.push("b")).toBe(true);

    await expect(take(messages)).resolves.toEqual({ done: false, value: "a" });
    await expect(take(messages)).resolves.toEqual({ done: true, value: undefined });
  });

  test("fails after what is in it", async () => {
    const queue = new MessageQueue<string>(1);
    const messages = queue[Symbol.asyncIterator]();
    const failure = new Error("the database is gone");
    queue.push("a");
    queue.fail(failure);

    await expect(take(messages)).resolves.toEqual({ done: false, value: "a" });
    await expect(take(messages)).rejects.toBe(failure);
  });

  test("keeps to its first end", async () => {
    const ended = new MessageQueue<string>(1);
    ended.end();
    ended.fail(new Error("too late"));
    await expect(take(ended[Symbol.asyncIterator]())).resolves.toMatchObject({ done: true });

    const failed = new MessageQueue<string>(1);
    failed.fail(undefined);
    failed.end();
    await expect(take(failed[Symbol.asyncIterator]())).rejects.toBeUndefined();
  });

  test.each(["end", "fail"] as const)("wakes whoever waits when it comes to %s", async (way) => {
    const queue = new MessageQueue<string>(1);
    const waiting = take(queue[Symbol.asyncIterator]());

    if (way === "end") {
      queue.end();
      await expect(waiting).resolves.toMatchObject({ done: true });
    } else {
      queue.fail(new Error("gone"));
      await expect(waiting).rejects.toThrow("gone");
    }
  });
});
