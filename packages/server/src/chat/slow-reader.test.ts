import { describe, expect, test } from "@jest/globals";
import { ChatMessage } from "@rollcall/contracts/user/v1/user";
import { Status } from "@rollcall/rpc";
import { collect } from "../services/draft-user.fixture.js";
import { givenUserService } from "../services/user-service.fixture.js";
import type { Store } from "../storage/store.js";
import { databaseNames } from "../storage/test-store.fixture.js";
import { chat } from "./chat.js";
import { openChat } from "./open-chat.fixture.js";
import { Rooms } from "./rooms.js";
import { createServerCall } from "./server-call.fixture.js";

/** Messages so long that the windows of HTTP/2 hold few of them. */
const long = "😀".repeat(4_000);

const slowConsumer = {
  code: Status.RESOURCE_EXHAUSTED,
  errorDetails: { errorInfo: { reason: "SLOW_CONSUMER", domain: "rollcall", metadata: { limit: "1024" } } },
};

describe.each(databaseNames)("a slow reader of Chat on %s", (name) => {
  const given = givenUserService(name);

  test("is cut off when it falls more than 1,024 messages behind, while others hear everything", async () => {
    const slow = openChat(given.client, { room: "news" });
    await slow.say("I shall read later");
    const quick = openChat(given.client, { room: "news" });

    const sequences: bigint[] = [];
    for (let message = 0; message < 1_200; message += 1) {
      sequences.push((await quick.say(message < 100 ? long : "short")).sequence);
    }

    expect(sequences).toEqual(Array.from({ length: 1_200 }, (_, index) => BigInt(index + 2)));
    await expect(slow.take(2_000)).rejects.toMatchObject(slowConsumer);
    await expect(quick.end()).resolves.toEqual([]);
  }, 30_000);

  test("is not cut off as long as it is 1,000 messages behind at most", async () => {
    const slow = openChat(given.client, { room: "views" });
    await slow.say("I shall read soon");
    const quick = openChat(given.client, { room: "views" });

    for (let message = 0; message < 1_000; message += 1) {
      await quick.say(message < 100 ? long : "short");
    }

    const heard = await slow.take(1_000);
    expect(heard.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => BigInt(index + 2)),
    );
    await Promise.all([slow.end(), quick.end()]);
  }, 30_000);

  test.each([
    ["sends on and on without reading", ""],
    ["does not read the echoes of what it sends again", "again-"],
  ])("is cut off when it %s", async (_case, idPrefix) => {
    using rooms = openRooms(given.store);
    const room = `monologue-${idPrefix}`;
    const messages = Array.from({ length: 1_100 }, (_, number) =>
      ChatMessage.fromPartial({ room, content: String(number), messageId: idPrefix && `${idPrefix}${String(number)}` }),
    );
    if (idPrefix !== "") {
      await collect(given.client.chat(messages));
    }
    const { call, cutOff } = createServerCall();

    const responses = chat(toStream(messages), rooms, call);
    const heard = [await responses.next()];

    await expect(cutOff).resolves.toMatchObject(slowConsumer);
    const reading = async () => {
      for await (const value of responses) {
        heard.push({ done: false, value });
      }
    };
    await expect(reading()).rejects.toMatchObject(slowConsumer);
    expect(heard.map(({ value }) => value?.content)).toEqual(
      messages.slice(0, heard.length).map(({ content }) => content),
    );
    expect(heard.length).toBeGreaterThanOrEqual(1_024);
  });
});

async function* toStream<T>(messages: readonly T[]): AsyncGenerator<T> {
  yield* messages;
}

/** Rooms of their own on a store, closed at the end of the block. */
function openRooms(store: Store): Rooms & Disposable {
  const rooms = new Rooms(store.messages);
  return Object.assign(rooms, {
    [Symbol.dispose]: () => {
      rooms.close();
    },
  });
}
