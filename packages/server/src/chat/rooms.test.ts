import { describe, expect, test } from "@jest/globals";
import { createClient } from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { collect } from "../services/draft-user.fixture.js";
import { givenUserService, startUserService } from "../services/user-service.fixture.js";
import { eventually } from "../storage/eventually.fixture.js";
import type { MessageLog } from "../storage/message-log.js";
import { openStore } from "../storage/open-store.js";
import type { Store } from "../storage/store.js";
import { StoreError } from "../storage/store-error.js";
import { createTestHome, givenStore } from "../storage/test-store.fixture.js";
import { openChat } from "./open-chat.fixture.js";
import { Rooms } from "./rooms.js";

const upTo = (length: number) => Array.from({ length }, (_, index) => BigInt(index + 1));

/** The same log, which counts how often each room is read on. */
function countReads(log: MessageLog): { readonly log: MessageLog; readonly readsOf: (room: string) => number } {
  const reads = new Map<string, number>();
  const after: MessageLog["after"] = (room, sequence, limit) => {
    reads.set(room, (reads.get(room) ?? 0) + 1);
    return log.after(room, sequence, limit);
  };
  return { log: { ...log, after }, readsOf: (room) => reads.get(room) ?? 0 };
}

test("two servers on one PostgreSQL hear each other's messages, in one order and without holes", async () => {
  await using home = await createTestHome("PostgreSQL");
  const stores = [await openStore(home.options), await openStore(home.options)];
  const roomsOptions = { pollMs: 20 };
  await using one = await startUserService(required(stores[0]), { roomsOptions });
  await using other = await startUserService(required(stores[1]), { roomsOptions });
  const chats = [];
  for (const { client } of [one, other, one, other]) {
    const chat = openChat(client, { room: "both" });
    chat.send({ content: "hello" });
    chats.push(chat);
  }
  // Each has come when it has heard itself; from then on it hears everything.
  for (const [index, chat] of chats.entries()) {
    chat.send({ content: `here: ${String(index)}` });
    while ((await chat.next()).content !== `here: ${String(index)}`) {
      // what others said before
    }
  }

  for (const [index, chat] of chats.entries()) {
    for (let text = 0; text < 50; text += 1) {
      chat.send({ content: `${String(index)}: ${String(text)}` });
    }
  }
  const heard = await Promise.all(
    chats.map(async (chat) => {
      const messages = [];
      while (messages.filter(({ content }) => /^\d/.test(content)).length < 200) {
        messages.push(await chat.next());
      }
      return messages;
    }),
  );

  const log = await required(stores[0]).messages.after("both", 0n, 1_000);
  expect(log.map(({ sequence }) => sequence)).toEqual(upTo(208));
  for (const messages of heard) {
    const first = messages[0]?.sequence ?? 0n;
    expect(messages.map(({ sequence, content }) => [sequence, content])).toEqual(
      log.filter(({ sequence }) => sequence >= first).map(({ sequence, content }) => [sequence, content]),
    );
  }
  await Promise.all(chats.map((chat) => chat.leave()));
  await Promise.all(stores.map((store) => store.close()));
}, 30_000);

test("a message id that comes to two servers is stored once", async () => {
  await using home = await createTestHome("PostgreSQL");
  const stores = [await openStore(home.options), await openStore(home.options)];
  await using one = await startUserService(required(stores[0]));
  await using other = await startUserService(required(stores[1]));
  const message = { content: "hello", messageId: "1" };

  const heard = await Promise.all(
    Array.from({ length: 10 }, (_, index) => collect((index % 2 === 0 ? one : other).client.chat([message]))),
  );

  for (const messages of heard) {
    expect(messages).toMatchObject([{ content: "hello", sequence: 1n }]);
  }
  await Promise.all(stores.map((store) => store.close()));
});

describe("Rooms", () => {
  const given = givenStore("SQLite");

  test("forget a room as soon as nobody is in it", async () => {
    const { log, readsOf } = countReads(given.store.messages);
    const rooms = new Rooms(log, { pollMs: 1 });
    const [ada, grace] = [await rooms.enter("left", () => undefined), await rooms.enter("left", () => undefined)];
    const stayed = await rooms.enter("stayed", () => undefined);
    await eventually(async () => {
      expect(readsOf("left")).toBeGreaterThan(0);
    });

    ada.leave();
    const before = readsOf("left");
    await eventually(async () => {
      expect(readsOf("left")).toBeGreaterThan(before);
    });
    grace.leave();
    const [left, rounds] = [readsOf("left"), readsOf("stayed")];
    await eventually(async () => {
      expect(readsOf("stayed")).toBeGreaterThan(rounds + 5);
    });

    expect(readsOf("left")).toBe(left);
    stayed.leave();
    rooms.close();
  });

  test("look for other servers' messages, also after a look that failed", async () => {
    const failure = new StoreError("unavailable", "the database is not available");
    const failures = [failure];
    const { messages } = given.store;
    const after: MessageLog["after"] = (...query) => {
      const fails = failures.shift();
      return fails === undefined ? messages.after(...query) : Promise.reject(fails);
    };
    const errors: unknown[] = [];
    const rooms = new Rooms({ ...messages, after }, { pollMs: 1, onPollError: (error) => errors.push(error) });
    const heard: string[] = [];
    const room = await rooms.enter("watched", ({ content }) => heard.push(content));

    await messages.append("watched", [{ userId: "ada", content: "from elsewhere" }]);

    await eventually(async () => {
      expect(heard).toEqual(["from elsewhere"]);
    });
    expect(errors).toEqual([failure]);
    room.leave();
    rooms.close();
  });

  test("look no more once they are closed", async () => {
    const { log, readsOf } = countReads(given.store.messages);
    const [closed, open] = [new Rooms(log, { pollMs: 1 }), new Rooms(log, { pollMs: 1 })];
    await closed.enter("closed", () => undefined);
    await open.enter("open", () => undefined);

    closed.close();
    const reads = readsOf("closed");
    await eventually(async () => {
      expect(readsOf("open")).toBeGreaterThan(5);
    });

    expect(readsOf("closed")).toBe(reads);
    open.close();
  });

  test("forget a room that could not be entered", async () => {
    const failure = new StoreError("unavailable", "the database is not available");
    const { log, readsOf } = countReads({ ...given.store.messages, head: () => Promise.reject(failure) });
    const rooms = new Rooms(log, { pollMs: 1 });
    const open = new Rooms(log, { pollMs: 1 });

    await expect(rooms.enter("shut", () => undefined)).rejects.toBe(failure);
    const working = new Rooms({ ...log, head: (room) => given.store.messages.head(room) }, { pollMs: 1 });
    await working.enter("probe", () => undefined);
    await eventually(async () => {
      expect(readsOf("probe")).toBeGreaterThan(5);
    });

    expect(readsOf("shut")).toBe(0);
    [rooms, open, working].forEach((each) => {
      each.close();
    });
  });
});

describe("a thousand streams one after the other", () => {
  const given = givenUserService("SQLite");

  test("leave nothing behind, however they end", async () => {
    const { log, readsOf } = countReads(given.store.messages);
    const store: Store = { ...given.store, messages: log };
    await using server = await startUserService(store, { roomsOptions: { pollMs: 5 } });
    await using channel = createChannel({ address: server.address });
    const client = createClient(UserServiceDefinition, channel);

    for (let cycle = 0; cycle < 1_000; cycle += 1) {
      const cancelling = new AbortController();
      const chat = openChat(client, { room: "revolving-door" }, { signal: cancelling.signal });
      await chat.say("hello");
      if (cycle % 3 === 0) {
        await chat.end();
      } else if (cycle % 3 === 1) {
        await chat.leave();
      } else {
        cancelling.abort();
        await expect(chat.next()).rejects.toThrow("CANCELLED");
      }
    }

    const probe = openChat(client, { room: "probe" });
    await probe.say("hello");
    await eventually(async () => {
      const [left, rounds] = [readsOf("revolving-door"), readsOf("probe")];
      await eventually(async () => {
        expect(readsOf("probe")).toBeGreaterThan(rounds + 5);
      });
      expect(readsOf("revolving-door")).toBe(left);
    });
    await probe.end();
    expect(server.unexpected).toEqual([]);
  }, 60_000);
});

function required<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error("there is no such value");
  }
  return value;
}
