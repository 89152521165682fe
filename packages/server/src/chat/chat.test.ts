import { describe, expect, test } from "@jest/globals";
import { type ChatMessage, ChatMessageKind } from "@rollcall/contracts/user/v1/user";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { createClient, type MessageInit, Status } from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { openCuttable } from "../services/cuttable.fixture.js";
import { collect } from "../services/draft-user.fixture.js";
import { invalid } from "../services/status.fixture.js";
import { givenUserService } from "../services/user-service.fixture.js";
import { eventually } from "../storage/eventually.fixture.js";
import { databaseNames } from "../storage/test-store.fixture.js";
import { openChat } from "./open-chat.fixture.js";

let count = 0;

/** A room where nobody has said anything. */
function freshRoom(): string {
  count += 1;
  return `room-${String(count)}`;
}

const contentsOf = (messages: readonly ChatMessage[]) => messages.map(({ content }) => content);
const sequencesOf = (messages: readonly ChatMessage[]) => messages.map(({ sequence }) => sequence);
const upTo = (length: number) => Array.from({ length }, (_, index) => BigInt(index + 1));

const ada = "01890000-0000-7000-8000-0000000000ad";
const grace = "01890000-0000-7000-8000-00000000009c";

describe.each(databaseNames)("Chat on %s", (name) => {
  const given = givenUserService(name);
  const enter = (room: string, userId = "") => openChat(given.client, { room, userId });

  /** Opens a stream that has heard its own first message. */
  async function enterAndSay(room: string, content = "hello") {
    const chat = enter(room);
    await chat.say(content);
    return chat;
  }

  test("echoes a text with the server's time, its sequence and an id", async () => {
    const room = freshRoom();
    const before = Date.now();
    const sent = { room, userId: "ada", content: "hello", timestamp: new Date(0), sequence: 99n, epoch: "x" };

    const [echo, ...more] = await collect(given.client.chat([sent]));

    expect(more).toEqual([]);
    expect(echo).toEqual({
      room,
      userId: "ada",
      content: "hello",
      timestamp: expect.any(Date),
      sequence: 1n,
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      kind: ChatMessageKind.CHAT_MESSAGE_KIND_UNSPECIFIED,
      epoch: "",
      retryAfter: undefined,
      accessToken: "",
    });
    expect(echo?.timestamp?.getTime()).toBeGreaterThanOrEqual(before);
    expect(echo?.timestamp?.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test("ends with OK when nothing is sent", async () => {
    await expect(collect(given.client.chat([]))).resolves.toEqual([]);
  });

  test("carries a text that names no room into the lobby", async () => {
    const [echo] = await collect(given.client.chat([{ content: "hello" }]));

    expect(echo).toMatchObject({ room: "lobby", content: "hello" });
  });

  test.each([
    ["emoji", "👩🏽‍🚀🏳️‍🌈"],
    ["right to left", "שלום ‎مرحبا"],
    ["combining marks", "e\u0301 Z\u0351\u036B\u0343"],
    ["four-byte and zero-width characters", "𠜎\u200B\u{10FFFF}\uFEFF"],
    ["white space and control characters", " \t\r\n\u0001 "],
    ["SQL", "'; drop table messages; --"],
  ])("echoes %s exactly as sent", async (_case, text) => {
    const message = { room: freshRoom(), content: text, userId: text, messageId: text };

    await expect(collect(given.client.chat([message]))).resolves.toMatchObject([message]);
  });

  test("keeps every echo that is due when the client half-closes", async () => {
    const room = freshRoom();
    const texts = Array.from({ length: 300 }, (_, number) => String(number));

    const echoes = await collect(given.client.chat(texts.map((content) => ({ room, content }))));

    expect(contentsOf(echoes)).toEqual(texts);
    expect(sequencesOf(echoes)).toEqual(upTo(300));
  });

  test("lets everyone in a room hear the same in the same order, without holes", async () => {
    const room = freshRoom();
    const speakers = [];
    for (let speaker = 0; speaker < 5; speaker += 1) {
      speakers.push(await enterAndSay(room));
    }
    const chats = speakers.map((chat, speaker) => {
      for (let text = 0; text < 40; text += 1) {
        chat.send({ content: `${String(speaker)}: ${String(text)}` });
      }
      return chat.take(speakers.length - speaker - 1 + 200);
    });

    const heard = await Promise.all(chats);

    const [everything = []] = heard;
    expect(sequencesOf(everything)).toEqual(upTo(205).slice(1));
    for (const [speaker, messages] of heard.entries()) {
      expect(messages).toEqual(everything.slice(speaker));
      const own = contentsOf(messages).filter((content) => content.startsWith(`${String(speaker)}:`));
      expect(own).toEqual(Array.from({ length: 40 }, (_, text) => `${String(speaker)}: ${String(text)}`));
    }
    await Promise.all(speakers.map((chat) => chat.end()));
  });

  test("tells nobody what was said before they came, or is said elsewhere", async () => {
    const room = freshRoom();
    await collect(given.client.chat([{ room, content: "before" }]));
    const here = enter(room);
    const elsewhere = enter(freshRoom());

    await expect(here.say("here")).resolves.toMatchObject({ content: "here", sequence: 2n });
    await expect(elsewhere.say("elsewhere")).resolves.toMatchObject({ content: "elsewhere", sequence: 1n });

    await expect(here.end()).resolves.toEqual([]);
    await expect(elsewhere.end()).resolves.toEqual([]);
  });

  test("keeps the sequence when a room has been empty", async () => {
    const room = freshRoom();
    for (const sequence of upTo(5)) {
      await expect(collect(given.client.chat([{ room, content: "hello" }]))).resolves.toMatchObject([{ sequence }]);
    }
  });

  describe("a message id", () => {
    test("that comes twice in a stream is stored once, as it came first", async () => {
      const room = freshRoom();
      const messages = ["a", "b"].map((content) => ({ room, messageId: "1", content }));

      const echoes = await collect(given.client.chat([...messages, { room, content: "c" }]));

      expect(contentsOf(echoes)).toEqual(["a", "c"]);
      expect(sequencesOf(echoes)).toEqual([1n, 2n]);
    });

    test("that comes again after a broken stream is echoed to its sender and to nobody else", async () => {
      const room = freshRoom();
      const [first] = await collect(given.client.chat([{ room, messageId: "1", content: "a" }]));
      const listener = await enterAndSay(room, "b");

      const again = await collect(given.client.chat([{ room, messageId: "1", content: "a" }]));

      expect(again).toEqual([first]);
      await expect(listener.say("c")).resolves.toMatchObject({ content: "c", sequence: 3n });
      await listener.end();
    });

    test("is another one in another room", async () => {
      for (const room of [freshRoom(), freshRoom()]) {
        const echoes = await collect(given.client.chat([{ room, messageId: "1", content: room }]));
        expect(echoes).toMatchObject([{ content: room, sequence: 1n }]);
      }
    });

    test("that ten streams send at once is stored once, and each of them hears it", async () => {
      const message = { room: freshRoom(), messageId: "1", content: "a" };

      const heard = await Promise.all(Array.from({ length: 10 }, () => collect(given.client.chat([message]))));

      for (const messages of heard) {
        expect(messages).toMatchObject([{ content: "a", sequence: 1n }]);
      }
    });
  });

  test.each<[string, MessageInit<ChatMessage>, object]>([
    ["an empty text", { content: "" }, invalid("content")],
    ["a text that is too long", { content: "x".repeat(4_097) }, invalid("content")],
    ["another room", { content: "c", room: "elsewhere" }, invalid("room")],
    ["a kind that is not supported", { kind: ChatMessageKind.CHAT_MESSAGE_KIND_JOIN }, { code: Status.UNIMPLEMENTED }],
  ])("%s ends the stream after the echoes of what was stored before", async (_case, bad, status) => {
    const room = freshRoom();
    const heard: ChatMessage[] = [];
    const chatting = async () => {
      const messages = [
        { room, content: "a" },
        { room: "", content: "b" },
        { room, ...bad },
        { room, content: "d" },
      ];
      for await (const message of given.client.chat(messages)) {
        heard.push(message);
      }
    };

    await expect(chatting()).rejects.toMatchObject(status);

    expect(contentsOf(heard)).toEqual(["a", "b"]);
    await expect(collect(given.client.chat([{ room, content: "e" }]))).resolves.toMatchObject([{ sequence: 3n }]);
  });

  test.each<[string, number]>([
    ["JOIN", ChatMessageKind.CHAT_MESSAGE_KIND_JOIN],
    ["JOINED", ChatMessageKind.CHAT_MESSAGE_KIND_JOINED],
    ["GAP", ChatMessageKind.CHAT_MESSAGE_KIND_GAP],
    ["HEARTBEAT", ChatMessageKind.CHAT_MESSAGE_KIND_HEARTBEAT],
    ["GOODBYE", ChatMessageKind.CHAT_MESSAGE_KIND_GOODBYE],
    ["ENTERED", ChatMessageKind.CHAT_MESSAGE_KIND_ENTERED],
    ["LEFT", ChatMessageKind.CHAT_MESSAGE_KIND_LEFT],
    ["RENEW", ChatMessageKind.CHAT_MESSAGE_KIND_RENEW],
    ["99", 99],
    ["-1", -1],
  ])("a message of kind %s is not supported", async (name, number) => {
    // A client of a later version may send a number that is unknown here.
    const kind = JSON.parse(String(number)) as ChatMessageKind;
    await expect(collect(given.client.chat([{ kind, content: "hello" }]))).rejects.toMatchObject({
      code: Status.UNIMPLEMENTED,
      details: `chat messages of kind ${name} are not supported; send text messages`,
      errorDetails: { errorInfo: { reason: "MESSAGE_KIND_UNSUPPORTED", domain: "rollcall", metadata: { kind: name } } },
    });
  });

  describe("a room for two", () => {
    const room = `dm:${ada}:${grace}`;
    const forbidden = (of: string) => ({
      code: Status.PERMISSION_DENIED,
      errorDetails: { errorInfo: { reason: "ROOM_FORBIDDEN", domain: "rollcall", metadata: { room: of } } },
    });

    test("admits the two whom it names", async () => {
      const one = enter(room, ada);
      const other = enter(room, grace);

      await one.say("hello");
      other.send({ content: "hello, ada" });

      await expect(one.next()).resolves.toMatchObject({ userId: grace, content: "hello, ada" });
      await Promise.all([one.end(), other.end()]);
    });

    test.each([
      ["anybody else", room, "01890000-0000-7000-8000-000000000000"],
      ["nobody in particular", room, ""],
      ["one of one", `dm:${ada}`, ada],
      ["one of three", "dm:a:b:c", "a"],
      ["nobody of nobody", "dm::", ""],
    ])("admits not %s", async (_case, of, userId) => {
      await expect(collect(given.client.chat([{ room: of, userId, content: "hello" }]))).rejects.toMatchObject(
        forbidden(of),
      );
    });

    test("does not let one of the two speak for somebody else", async () => {
      const chat = enter(room, ada);
      await chat.say("hello");

      chat.send({ content: "I am Grace's friend", userId: "01890000-0000-7000-8000-000000000000" });

      await expect(chat.next()).rejects.toMatchObject(forbidden(room));
    });

    test("is not every room whose name begins alike", async () => {
      for (const other of ["dm", "dms", "dm-team"]) {
        await expect(collect(given.client.chat([{ room: other, content: "hello" }]))).resolves.toHaveLength(1);
      }
    });
  });

  test("ends with CANCELLED when the client cancels, and others go on", async () => {
    const room = freshRoom();
    const cancelling = new AbortController();
    const one = openChat(given.client, { room }, { signal: cancelling.signal });
    await one.say("a");
    const other = await enterAndSay(room, "b");
    await one.next();

    cancelling.abort();

    await expect(one.next()).rejects.toMatchObject({ code: Status.CANCELLED });
    await expect(other.say("c")).resolves.toMatchObject({ content: "c", sequence: 3n });
    await other.end();
  });

  test("goes on for others when a connection breaks", async () => {
    const room = freshRoom();
    await using line = await openCuttable(given.address);
    await using channel = createChannel({ address: line.address });
    const one = openChat(createClient(UserServiceDefinition, channel), { room });
    await one.say("a");
    const other = await enterAndSay(room, "b");

    line.cut();

    await expect(one.take(2)).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await expect(other.say("c")).resolves.toMatchObject({ content: "c", sequence: 3n });
    await other.end();
  });

  test("hears a client out that never stops, until it stops", async () => {
    const room = freshRoom();
    let heard = 0n;
    const endless = async function* () {
      for (;;) {
        yield await Promise.resolve({ room, content: "and another thing" });
      }
    };

    for await (const { sequence } of given.client.chat(endless())) {
      heard += 1n;
      expect(sequence).toBe(heard);
      if (heard === 500n) {
        break;
      }
    }

    await eventually(async () => {
      await expect(collect(given.client.chat([{ room, content: "a" }]))).resolves.toMatchObject([{ content: "a" }]);
    });
  });

  test("never surprised the server", () => {
    expect(given.unexpected).toEqual([]);
  });
});
