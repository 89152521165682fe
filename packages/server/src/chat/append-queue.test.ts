import { describe, expect, test } from "@jest/globals";
import type { MessageDraft, StoredMessage } from "../storage/message.js";
import { AppendQueue } from "./append-queue.js";

const draft = (content: string): MessageDraft => ({ userId: "ada", content });

const numbered = ({ userId, content }: MessageDraft, index: number): StoredMessage => ({
  room: "lobby",
  sequence: BigInt(index + 1),
  messageId: undefined,
  userId,
  content,
  createdAt: new Date(0),
});

/** Numbers messages, each batch when the test lets it. */
function createGatedLog() {
  const batches: (readonly string[])[] = [];
  const gates: (() => void)[] = [];
  let head = 0;
  const store = async (drafts: readonly MessageDraft[]): Promise<StoredMessage[]> => {
    batches.push(drafts.map(({ content }) => content));
    await new Promise<void>((resolve) => gates.push(resolve));
    const stored = drafts.map((draft, index) => numbered(draft, head + index));
    head += drafts.length;
    return stored;
  };
  return { store, batches, open: () => gates.shift()?.() };
}

describe("AppendQueue", () => {
  test("stores together what comes while others are being stored", async () => {
    const log = createGatedLog();
    const queue = new AppendQueue(log.store);

    const first = queue.append(draft("a"));
    const others = ["b", "c", "d"].map((content) => queue.append(draft(content)));
    log.open();
    await expect(first).resolves.toMatchObject({ content: "a", sequence: 1n });
    log.open();
    await expect(Promise.all(others)).resolves.toMatchObject([
      { content: "b", sequence: 2n },
      { content: "c", sequence: 3n },
      { content: "d", sequence: 4n },
    ]);

    expect(log.batches).toEqual([["a"], ["b", "c", "d"]]);
  });

  test("stores at most 256 at a time, in order", async () => {
    const batches: (readonly string[])[] = [];
    const queue = new AppendQueue(async (drafts) => {
      batches.push(drafts.map(({ content }) => content));
      return drafts.map(numbered);
    });
    const contents = Array.from({ length: 600 }, (_, number) => String(number));

    const stored = await Promise.all(contents.map((content) => queue.append(draft(content))));

    expect(stored.map(({ content }) => content)).toEqual(contents);
    expect(batches.map(({ length }) => length)).toEqual([1, 256, 256, 87]);
    expect(batches.flat()).toEqual(contents);
  });

  test("tells everyone of a batch that it failed, and goes on with the next", async () => {
    const failure = new Error("the database is gone");
    const failures = [failure];
    const queue = new AppendQueue(async (drafts) => {
      const fails = failures.shift();
      if (fails !== undefined) {
        throw fails;
      }
      return drafts.map(numbered);
    });

    const results = await Promise.allSettled(["a", "b", "c"].map((content) => queue.append(draft(content))));

    expect(results).toMatchObject([
      { status: "rejected", reason: failure },
      { status: "fulfilled", value: { content: "b" } },
      { status: "fulfilled", value: { content: "c" } },
    ]);
    await expect(queue.append(draft("d"))).resolves.toMatchObject({ content: "d" });
  });

  test("does not leave anyone waiting whom the store forgot", async () => {
    const queue = new AppendQueue(() => Promise.resolve([]));

    await expect(queue.append(draft("a"))).rejects.toThrow("the store answered fewer messages than it was given");
  });
});
