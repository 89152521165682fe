import { describe, expect, test } from "@jest/globals";
import { note } from "../note-service.fixture.js";
import { collect } from "../waiting.fixture.js";
import { startNoteServer } from "./start-note-server.fixture.js";

describe("a call over grpc-js", () => {
  test("carries one message each way", async () => {
    await using server = await startNoteServer();
    await expect(server.client.say({ text: "hello" })).resolves.toEqual(note("hello"));
  });

  test("streams responses in order", async () => {
    await using server = await startNoteServer({
      async *list({ text }) {
        for (let i = 0; i < 1_000; i++) {
          yield await Promise.resolve(note(`${text}${String(i)}`));
        }
      },
    });
    const texts = (await collect(server.client.list({ text: "n" }))).map(({ text }) => text);
    expect(texts).toEqual(Array.from({ length: 1_000 }, (_, i) => `n${String(i)}`));
  });

  test.each([
    ["an array", () => [{ text: "a" }, {}, { text: "c" }]],
    [
      "an async generator",
      async function* () {
        yield await Promise.resolve({ text: "a" });
        yield {};
        yield { text: "c" };
      },
    ],
    ["a set", () => new Set([{ text: "a" }, {}, { text: "c" }])],
  ])("streams requests from %s", async (_case, requests) => {
    await using server = await startNoteServer();
    await expect(server.client.collect(requests())).resolves.toEqual(note("a,,c"));
  });

  test("streams both ways at once", async () => {
    await using server = await startNoteServer();
    const asked: string[] = [];
    async function* requests() {
      for (const text of ["1", "2", "3"]) {
        asked.push(text);
        yield await Promise.resolve({ text });
      }
    }
    for await (const { text } of server.client.chat(requests())) {
      expect(asked).toContain(text);
    }
    expect(asked).toEqual(["1", "2", "3"]);
  });

  test("carries empty streams", async () => {
    await using server = await startNoteServer({
      async *list() {
        yield* await Promise.resolve([]);
      },
    });
    await expect(collect(server.client.list({}))).resolves.toEqual([]);
    await expect(server.client.collect([])).resolves.toEqual(note(""));
    await expect(collect(server.client.chat([]))).resolves.toEqual([]);
  });

  test("takes any iterable as a handler's responses", async () => {
    await using server = await startNoteServer({
      list: () => {
        const notes = [note("a"), note("b")].values();
        return { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(notes.next()) }) };
      },
    });
    await expect(collect(server.client.list({}))).resolves.toEqual([note("a"), note("b")]);
  });

  test("answers reads that were asked for at once in order", async () => {
    await using server = await startNoteServer();
    const responses = server.client.chat([{ text: "1" }, { text: "2" }]);
    const results = await Promise.all([responses.next(), responses.next(), responses.next()]);
    expect(results).toEqual([
      { done: false, value: note("1") },
      { done: false, value: note("2") },
      { done: true, value: undefined },
    ]);
  });

  test("serves a thousand calls at once", async () => {
    await using server = await startNoteServer();
    const calls = Array.from({ length: 1_000 }, (_, i) => server.client.say({ text: String(i) }));
    const answers = await Promise.all(calls);
    expect(answers.map(({ text }) => Number(text))).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
  });
});
