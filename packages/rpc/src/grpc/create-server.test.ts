import { describe, expect, test } from "@jest/globals";
import { note } from "../note-service.fixture.js";
import { Status } from "../status.js";
import { createServer, type ServerOptions } from "./create-server.js";
import { startNoteServer } from "./start-note-server.fixture.js";

describe("createServer", () => {
  test.each([
    [
      "an option that is unknown",
      { maxStreams: 1 },
      'unknown option "maxStreams"; the options are maxConcurrentStreams, ',
    ],
    ["nothing allowed", { maxReceiveBytes: 0 }, "option maxReceiveBytes is 0; it takes a whole number above 0"],
    [
      "a fraction",
      { maxConcurrentStreams: 1.5 },
      "option maxConcurrentStreams is 1.5; it takes a whole number above 0",
    ],
    ["no number", { keepaliveMs: Number.NaN }, "option keepaliveMs is NaN; it takes a whole number above 0"],
    ["a negative window", { sendWindowBytes: -1 }, "option sendWindowBytes is -1; it takes a whole number above 0"],
  ])("refuses %s", (_case, options, message) => {
    expect(() => createServer(options as ServerOptions)).toThrow(TypeError);
    expect(() => createServer(options as ServerOptions)).toThrow(message);
  });

  test("takes options that are undefined as not given", () => {
    expect(() => createServer({ maxReceiveBytes: undefined, sendWindowBytes: undefined })).not.toThrow();
  });

  test.each([
    ["a request", "maxReceiveBytes"],
    ["a response", "maxSendBytes"],
  ] as const)("bounds the size of %s", async (_case, option) => {
    // The note's text, its padding and their keys and lengths take six bytes beside the padding itself.
    await using server = await startNoteServer({}, { server: { [option]: 1_000 } });
    await expect(server.client.say(note("n", 994))).resolves.toEqual(note("n", 994));
    const tooLarge = { code: Status.RESOURCE_EXHAUSTED };
    await expect(server.client.say(note("n", 995))).rejects.toMatchObject(tooLarge);
    await expect(server.client.list(note("n", 995)).next()).rejects.toMatchObject(tooLarge);
    await expect(server.client.collect([note("n", 10)])).resolves.toEqual(note("n"));
  });

  test("lets large answers through, many at a time, within the memory of a connection", async () => {
    await using server = await startNoteServer({ say: () => Promise.resolve(note("n", 3_900_000)) });
    const answers = await Promise.all(
      Array.from({ length: 30 }, async () => (await server.client.say({})).padding.length),
    );
    expect(answers).toEqual(answers.map(() => 3_900_000));
  }, 60_000);
});
