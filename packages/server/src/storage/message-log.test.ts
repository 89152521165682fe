import { describe, expect, test } from "@jest/globals";
import type { MessageDraft } from "./message.js";
import { openStore } from "./open-store.js";
import type { Store } from "./store.js";
import { createTestHome, databaseNames, givenStore } from "./test-store.fixture.js";

const said = (content: string, messageId?: string): MessageDraft => ({ userId: "ada", content, messageId });

describe.each(databaseNames)("the message log on %s", (name) => {
  let nowMs = 1_700_000_000_000;
  const given = givenStore(name, { now: () => nowMs });

  test("a room without messages has no head and nothing to read", async () => {
    await expect(given.store.messages.head("empty")).resolves.toBeUndefined();
    await expect(given.store.messages.after("empty", 0n, 10)).resolves.toEqual([]);
  });

  test("messages are numbered from 1 in each room, and stored as they were given", async () => {
    const messages = await given.store.messages.append("a", [said("one", "id-1"), said("two")]);
    nowMs += 1;
    await given.store.messages.append("b", [said("elsewhere")]);
    const [third] = await given.store.messages.append("a", [said("three 🦉", "id-3")]);

    expect(messages).toEqual([
      { room: "a", sequence: 1n, messageId: "id-1", userId: "ada", content: "one", createdAt: new Date(nowMs - 1) },
      { room: "a", sequence: 2n, messageId: undefined, userId: "ada", content: "two", createdAt: new Date(nowMs - 1) },
    ]);
    expect(third).toMatchObject({ sequence: 3n, content: "three 🦉", createdAt: new Date(nowMs) });
    await expect(given.store.messages.after("a", 0n, 10)).resolves.toEqual([...messages, third]);
    await expect(given.store.messages.head("a")).resolves.toMatchObject({ sequence: 3n });
    await expect(given.store.messages.head("b")).resolves.toMatchObject({ sequence: 1n });
  });

  test("a room's epoch stays the same, and no other room has it", async () => {
    await given.store.messages.append("epoch-1", [said("one")]);
    await given.store.messages.append("epoch-2", [said("one")]);
    const before = await given.store.messages.head("epoch-1");
    await given.store.messages.append("epoch-1", [said("two")]);
    const other = await given.store.messages.head("epoch-2");

    await expect(given.store.messages.head("epoch-1")).resolves.toEqual({ epoch: before?.epoch, sequence: 2n });
    expect(before?.epoch).toMatch(/^[0-9a-f-]{36}$/);
    expect(other?.epoch).not.toBe(before?.epoch);
  });

  test.each([
    ["a sequence", 2n, 10, [3n, 4n, 5n]],
    ["a sequence, no more than asked", 1n, 2, [2n, 3n]],
    ["the beginning", -(2n ** 63n), 2, [1n, 2n]],
    ["the end", 5n, 10, []],
    ["the greatest sequence there can be", 2n ** 63n - 1n, 10, []],
  ])("messages are read after %s", async (where, sequence, limit, expected) => {
    const room = `after ${where}`;
    await given.store.messages.append(
      room,
      ["1", "2", "3", "4", "5"].map((content) => said(content)),
    );

    const messages = await given.store.messages.after(room, sequence, limit);

    expect(messages.map((message) => message.sequence)).toEqual(expected);
  });

  test("the same message id twice is one message, in one batch and in the next, and only in its room", async () => {
    const [first, again, other] = await given.store.messages.append("twice", [
      said("first", "id"),
      said("again", "id"),
      said("other"),
    ]);
    nowMs += 1;
    const [later, last] = await given.store.messages.append("twice", [said("later", "id"), said("last")]);
    const [elsewhere] = await given.store.messages.append("twice, elsewhere", [said("elsewhere", "id")]);

    expect(again).toEqual(first);
    expect(later).toEqual(first);
    expect([first, other, last].map((message) => message?.sequence)).toEqual([1n, 2n, 3n]);
    expect(elsewhere).toMatchObject({ sequence: 1n, content: "elsewhere" });
  });

  test("nothing is stored for no drafts", async () => {
    await expect(given.store.messages.append("none", [])).resolves.toEqual([]);
    await expect(given.store.messages.head("none")).resolves.toBeUndefined();
  });

  test("a batch of any size is stored whole", async () => {
    const messages = await given.store.messages.append(
      "large",
      Array.from({ length: 1_201 }, () => said("x")),
    );

    expect(messages.at(-1)).toMatchObject({ sequence: 1_201n });
    await expect(given.store.messages.after("large", 0n, 2_000)).resolves.toEqual(messages);
  });

  test("a batch that fails leaves no hole", async () => {
    await given.store.messages.append("hole", [said("one")]);
    await expect(given.store.messages.append("hole", [said("two"), said("\0")])).rejects.toMatchObject({
      kind: "invalidText",
    });
    await given.store.messages.append("hole", [said("three")]);

    const messages = await given.store.messages.after("hole", 0n, 10);

    expect(messages.map(({ sequence, content }) => [sequence, content])).toEqual([
      [1n, "one"],
      [2n, "three"],
    ]);
  });

  test("writers at once, from several processes where the database allows it, leave neither hole nor duplicate", async () => {
    await using home = await createTestHome(name);
    const stores = [await openStore(home.options)];
    if (name === "PostgreSQL") {
      stores.push(await openStore(home.options));
    }
    try {
      await expectOneOrder(stores);
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  });
});

/** Eight writers append 25 batches each, of which every message id is sent twice, by different writers. */
async function expectOneOrder(stores: readonly Store[]): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      const store = stores[writer % stores.length];
      const received: (string | undefined)[] = [];
      for (let batch = 0; batch < 25; batch += 1) {
        const id = `${writer >> 1}-${batch}`;
        const messages = await store?.messages.append("busy", [said(id, id), said(`${id} and more`, `${id}+`)]);
        received.push(...(messages ?? []).map((message) => `${message.sequence}:${message.messageId ?? ""}`));
      }
      return received;
    }),
  );

  const log = await stores[0]?.messages.after("busy", 0n, 1_000);
  const stored = (log ?? []).map((message) => `${message.sequence}:${message.messageId ?? ""}`);
  expect(log?.map((message) => message.sequence)).toEqual(
    Array.from({ length: 200 }, (_, number) => BigInt(number + 1)),
  );
  expect(new Set(answers.flat())).toEqual(new Set(stored));
}
