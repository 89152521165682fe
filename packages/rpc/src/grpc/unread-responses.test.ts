import { describe, expect, test } from "@jest/globals";
import { countProgress } from "./stream-progress.js";
import { UnreadResponses } from "./unread-responses.js";

describe("UnreadResponses", () => {
  const start = () => {
    let nowMs = 0;
    const unread = new UnreadResponses({ maxBytes: 1_000, maxStallMs: 30_000, now: () => nowMs });
    const open = (writableLength: number) => {
      const stream = {
        writableLength,
        code: undefined as number | undefined,
        close(code?: number) {
          stream.code = code;
        },
      };
      unread.watch(stream);
      return stream;
    };
    const pass = (ms: number) => {
      nowMs += ms;
      unread.sweep();
    };
    return { unread, open, pass };
  };

  test("resets a stream whose client has read nothing for too long", () => {
    const { open, pass } = start();
    const stream = open(100);
    pass(0);
    pass(29_000);
    expect(stream.code).toBeUndefined();
    pass(1_100);
    expect(stream.code).toBe(11);
  });

  test("leaves those alone whose clients read, however slowly, and those in which nothing waits", () => {
    const { open, pass } = start();
    const [slow, idle] = [open(500), open(0)];
    for (let second = 0; second < 400; second++) {
      slow.writableLength--;
      pass(1_000);
    }
    expect([slow.code, idle.code]).toEqual([undefined, undefined]);
  });

  test("leaves those alone whose clients read as much as is added", () => {
    const { open, pass } = start();
    const stream = open(900);
    const counter = { acknowledged: 0 };
    countProgress(stream, counter);
    for (let second = 0; second < 60; second++) {
      counter.acknowledged++;
      pass(1_000);
    }
    expect(stream.code).toBeUndefined();
    pass(31_000);
    expect(stream.code).toBe(11);
  });

  test("gives a large message longer", () => {
    const { open, pass } = start();
    const stream = open(16 * 60_000);
    pass(0);
    pass(60_000);
    expect(stream.code).toBeUndefined();
    pass(31_000);
    expect(stream.code).toBe(11);
  });

  test("is full when too much waits, and has room again when it was read", () => {
    const { unread, open, pass } = start();
    const stream = open(1_001);
    pass(0);
    expect(unread.isFull()).toBe(true);
    stream.writableLength = 10;
    pass(10);
    expect(unread.isFull()).toBe(false);
  });

  test("makes room at the cost of those who read nothing, not of those who do", () => {
    const { unread, open, pass } = start();
    const stalled = open(900);
    pass(0);
    pass(2_000);
    const fresh = open(200);
    pass(10);
    expect(unread.isFull()).toBe(false);
    expect([stalled.code, fresh.code]).toEqual([11, undefined]);
  });

  test("forgets streams that have ended", () => {
    const { unread, open, pass } = start();
    const stream = open(5_000);
    unread.forget(stream);
    pass(60_000);
    expect([unread.isFull(), stream.code]).toEqual([false, undefined]);
  });
});
