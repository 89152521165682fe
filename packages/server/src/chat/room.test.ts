import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { StoredMessage } from "../storage/message.js";
import type { MessageLog } from "../storage/message-log.js";
import { StoreError } from "../storage/store-error.js";
import { databaseNames, givenStore } from "../storage/test-store.fixture.js";
import { Room } from "./room.js";

let count = 0;

function freshName(): string {
  count += 1;
  return `room-${String(count)}`;
}

const contentsOf = (messages: readonly StoredMessage[]) => messages.map(({ content }) => content);
const sequencesOf = (messages: readonly StoredMessage[]) => messages.map(({ sequence }) => sequence);
const upTo = (length: number) => Array.from({ length }, (_, index) => BigInt(index + 1));
const draft = (content: string) => ({ userId: "ada", content });

/** Somebody in a room, and what they have heard. */
async function listenIn(room: Room) {
  const heard: StoredMessage[] = [];
  const listener = (message: StoredMessage) => heard.push(message);
  const enteredAt = await room.enter(listener);
  return {
    heard,
    enteredAt,
    leave: () => {
      room.leave(listener);
    },
  };
}

describe.each(databaseNames)("Room on %s", (database) => {
  const given = givenStore(database);
  const openRoom = (name = freshName()) => new Room(name, given.store.messages);

  test("hands a message to everyone before the one who stored it hears that it is stored", async () => {
    const room = openRoom();
    const [ada, grace] = [await listenIn(room), await listenIn(room)];

    const stored = await room.append(draft("hello"));

    expect(stored).toMatchObject({ content: "hello", sequence: 1n });
    expect(ada.heard).toEqual([stored]);
    expect(grace.heard).toEqual([stored]);
  });

  test("hands nothing to whoever has left", async () => {
    const room = openRoom();
    const [ada, grace] = [await listenIn(room), await listenIn(room)];
    await room.append(draft("a"));

    ada.leave();
    await room.append(draft("b"));

    expect(contentsOf(ada.heard)).toEqual(["a"]);
    expect(contentsOf(grace.heard)).toEqual(["a", "b"]);
  });

  test("is empty when everyone has left, and not while somebody enters", async () => {
    const room = openRoom();
    expect(room.isEmpty).toBe(true);

    const entering = listenIn(room);
    expect(room.isEmpty).toBe(false);
    const ada = await entering;
    const grace = await listenIn(room);
    ada.leave();
    expect(room.isEmpty).toBe(false);
    grace.leave();
    expect(room.isEmpty).toBe(true);
  });

  test("tells whoever enters from where on they hear everything", async () => {
    const name = freshName();
    await given.store.messages.append(name, [draft("a"), draft("b")]);
    const room = openRoom(name);

    const ada = await listenIn(room);
    await room.append(draft("c"));
    const grace = await listenIn(room);

    expect(ada.enteredAt).toBe(2n);
    expect(sequencesOf(ada.heard)).toEqual([3n]);
    expect(grace.enteredAt).toBe(3n);
    expect(grace.heard).toEqual([]);
  });

  test("counts no message that somebody hears as one from before they came", async () => {
    const { messages } = given.store;
    let letGo: (() => void) | undefined;
    const slowHead = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const heads = [Promise.resolve(), slowHead];
    const head: MessageLog["head"] = async (name) => {
      await heads.shift();
      return messages.head(name);
    };
    const room = new Room(freshName(), { ...messages, head });

    const [entering, enteringSlowly] = [listenIn(room), listenIn(room)];
    await entering;
    await room.append(draft("a"));
    letGo?.();
    const slow = await enteringSlowly;
    await room.append(draft("b"));

    expect(slow.enteredAt).toBe(1n);
    expect(contentsOf(slow.heard)).toEqual(["b"]);
  });

  test("two rooms of one name on two servers agree on every message, whatever comes between what", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(1), fc.constantFrom("say", "say twice", "catch up", "wait")), { maxLength: 40 }),
        async (steps) => {
          const name = freshName();
          const rooms = [openRoom(name), openRoom(name)] as const;
          const listeners = [await listenIn(rooms[0]), await listenIn(rooms[1])];
          const pending: Promise<unknown>[] = [];
          for (const [index, [server, step]] of steps.entries()) {
            const room = rooms[server] ?? rooms[0];
            const message = { userId: "ada", content: String(index), messageId: String(index) };
            if (step === "say") {
              pending.push(room.append(message));
            } else if (step === "say twice") {
              pending.push(...rooms.map((each) => each.append(message)));
            } else if (step === "catch up") {
              pending.push(room.catchUp());
            } else {
              await pending.at(-1);
            }
          }
          await Promise.all(pending);
          await Promise.all(rooms.map((room) => room.catchUp()));

          const said = steps.filter(([, step]) => step.startsWith("say")).length;
          for (const { heard } of listeners) {
            expect(sequencesOf(heard)).toEqual(upTo(said));
            expect(heard).toEqual(listeners[0]?.heard);
          }
        },
      ),
      { numRuns: 40 },
    );
  }, 30_000);

  test("reads on after more than one read's worth from another server", async () => {
    const name = freshName();
    const room = openRoom(name);
    const ada = await listenIn(room);
    const drafts = Array.from({ length: 1_234 }, (_, number) => draft(String(number)));
    await given.store.messages.append(name, drafts);

    await room.catchUp();

    expect(contentsOf(ada.heard)).toEqual(contentsOf(await given.store.messages.after(name, 0n, 2_000)));
    expect(sequencesOf(ada.heard)).toEqual(upTo(1_234));
  });
});

describe("Room on a log that fails", () => {
  const given = givenStore("SQLite");
  const unavailable = new StoreError("unavailable", "the database is not available");

  /** The log, of which one function fails as long as it is told to. */
  function breakLog(part: keyof MessageLog) {
    const state = { isBroken: false };
    const { messages } = given.store;
    const fails = (name: keyof MessageLog) => name === part && state.isBroken;
    const log: MessageLog = {
      append: (...draft) => (fails("append") ? Promise.reject(unavailable) : messages.append(...draft)),
      after: (...query) => (fails("after") ? Promise.reject(unavailable) : messages.after(...query)),
      head: (room) => (fails("head") ? Promise.reject(unavailable) : messages.head(room)),
    };
    return { log, state };
  }

  test("lets nobody in while the head is unknown, and then again", async () => {
    const { log, state } = breakLog("head");
    const room = new Room(freshName(), log);

    state.isBroken = true;
    await expect(listenIn(room)).rejects.toBe(unavailable);
    expect(room.isEmpty).toBe(true);

    state.isBroken = false;
    await expect(listenIn(room)).resolves.toMatchObject({ enteredAt: 0n });
  });

  test("tells the sender alone that a message was not stored", async () => {
    const { log, state } = breakLog("append");
    const room = new Room(freshName(), log);
    const ada = await listenIn(room);

    state.isBroken = true;
    await expect(room.append(draft("a"))).rejects.toBe(unavailable);
    state.isBroken = false;
    await room.append(draft("b"));

    expect(ada.heard).toMatchObject([{ content: "b", sequence: 1n }]);
  });

  test("leaves no hole when reading on fails and succeeds later", async () => {
    const { log, state } = breakLog("after");
    const name = freshName();
    const room = new Room(name, log);
    const ada = await listenIn(room);
    await given.store.messages.append(name, [draft("elsewhere")]);

    state.isBroken = true;
    await expect(room.append(draft("here"))).rejects.toBe(unavailable);
    expect(ada.heard).toEqual([]);
    state.isBroken = false;
    await room.catchUp();

    expect(contentsOf(ada.heard)).toEqual(["elsewhere", "here"]);
  });
});
