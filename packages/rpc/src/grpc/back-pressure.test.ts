import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { note } from "../note-service.fixture.js";
import { createGate } from "../waiting.fixture.js";
import { startNoteServer } from "./start-note-server.fixture.js";

const mebibyte = 1024 * 1024;

/** Counts messages as they are taken from it. */
function counting(count: number, paddingBytes: number) {
  const produced = { count: 0 };
  async function* messages() {
    while (produced.count < count) {
      produced.count++;
      yield await Promise.resolve(note("n", paddingBytes));
    }
  }
  return { produced, messages };
}

/** Waits until a count has not changed for a while, and answers with it. Nothing else would tell that a stream is stuck. */
async function settled(produced: { readonly count: number }): Promise<number> {
  for (let before = -1, turns = 0; turns < 500; turns++) {
    if (before !== produced.count) {
      before = produced.count;
      turns = 0;
    }
    await setImmediate();
  }
  return produced.count;
}

describe("a reader that pauses", () => {
  test("stops the handler after the messages that fit into the buffers on the way", async () => {
    const { produced, messages } = counting(200, mebibyte);
    await using server = await startNoteServer({ list: messages });
    const responses = server.client.list({});
    await responses.next();
    const first = await settled(produced);
    expect(first).toBeLessThan(60);
    for (let read = 0; read < 100; read++) {
      await responses.next();
    }
    expect(await settled(produced)).toBeGreaterThanOrEqual(100);
    expect(produced.count).toBeLessThan(160);
    await responses.return();
  });

  test("may read 200 MB with memory flat", async () => {
    const { messages } = counting(200, mebibyte);
    await using server = await startNoteServer({ list: messages });
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    let count = 0;
    for await (const { padding } of server.client.list({})) {
      count += padding.length / mebibyte;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(count).toBe(200);
    expect(most / mebibyte).toBeLessThan(100);
  }, 30_000);
});

describe("a handler that pauses", () => {
  test("stops the sender after the messages that fit into the buffers on the way", async () => {
    const { produced, messages } = counting(200, mebibyte);
    const { promise: resumed, resolve: resume } = createGate();
    await using server = await startNoteServer({
      async collect(requests) {
        let count = 0;
        for await (const request of requests) {
          await resumed;
          count += request.padding.length / mebibyte;
        }
        return note(String(count));
      },
    });
    const answer = server.client.collect(messages());
    expect(await settled(produced)).toBeLessThan(60);
    resume(undefined);
    await expect(answer).resolves.toEqual(note("200"));
  }, 30_000);

  test("lets everything else run while many small messages are sent", async () => {
    const { produced, messages } = counting(1_000_000, 0);
    const { promise: enough, resolve: end } = createGate();
    await using server = await startNoteServer({
      async collect(requests, { signal }) {
        await requests[Symbol.asyncIterator]().next();
        await enough;
        signal.throwIfAborted();
        return note("enough");
      },
    });
    const answer = server.client.collect(messages());
    expect(await settled(produced)).toBeLessThan(50_000);
    end(undefined);
    await expect(answer).resolves.toEqual(note("enough"));
  });
});

describe("two slow sides of one call", () => {
  test("do not wait for each other", async () => {
    await using server = await startNoteServer();
    const { messages } = counting(50, 100_000);
    let count = 0;
    for await (const { padding } of server.client.chat(messages())) {
      count += padding.length;
      await setImmediate();
    }
    expect(count).toBe(50 * 100_000);
  });
});
