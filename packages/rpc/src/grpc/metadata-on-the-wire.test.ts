import { describe, expect, test } from "@jest/globals";
import type { Metadata } from "../metadata.js";
import { note } from "../note-service.fixture.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import { collect, createGate } from "../waiting.fixture.js";
import { startNoteServer } from "./start-note-server.fixture.js";

const bytes = (...values: number[]) => new Uint8Array(values);

/** Options that write down what the server sends beside its messages. */
function listening() {
  const heard: { header?: Metadata; trailer?: Metadata } = {};
  return {
    heard,
    onHeader: (header: Metadata) => void (heard.header = header),
    onTrailer: (trailer: Metadata) => void (heard.trailer = trailer),
  };
}

describe("metadata of the client", () => {
  test("reaches the handler and the interceptors, without what belongs to gRPC and HTTP", async () => {
    const seen: unknown[] = [];
    await using server = await startNoteServer({
      say: (request, { metadata }) => {
        seen.push(...[...metadata].filter(([key]) => key !== "user-agent"));
        return Promise.resolve(request);
      },
    });
    await server.client.say({}, { metadata: { "x-text": "a, b", "x-bin": [bytes(0, 255), bytes(1)] } });
    expect(seen).toEqual([
      ["x-text", "a, b"],
      ["x-bin", Buffer.from([0, 255])],
      ["x-bin", Buffer.from([1])],
    ]);
  });

  test("has several texts under a key joined, as HTTP has it", async () => {
    const seen: unknown[] = [];
    await using server = await startNoteServer({
      collect: (_requests, { metadata }) => {
        seen.push(metadata.getAll("authorization"), metadata.getAll("x-many"));
        return Promise.resolve(note(""));
      },
    });
    await server.client.collect([], { metadata: { authorization: ["a", "b"], "x-many": ["1", "2", "3"] } });
    expect(seen).toEqual([["a, b"], ["1, 2, 3"]]);
  });

  test("is refused before it is sent when it is not ASCII", async () => {
    await using server = await startNoteServer();
    await expect(server.client.say({}, { metadata: { key: "größer" } })).rejects.toThrow(/takes printable ASCII only/);
  });
});

describe("header and trailer", () => {
  test("come with a unary answer", async () => {
    await using server = await startNoteServer({
      say: (request, call) => {
        call.header.set("x-header", "h").set("header-bin", bytes(1, 2));
        call.trailer.set("etag", "t").append("etag", "u").set("trailer-bin", bytes(3));
        return Promise.resolve(request);
      },
    });
    const { heard, ...options } = listening();
    await server.client.say({}, options);
    expect(heard.header?.get("x-header")).toBe("h");
    expect(heard.header?.getBytes("header-bin")).toEqual(Buffer.from([1, 2]));
    expect(heard.trailer?.getAll("etag")).toEqual(["t, u"]);
    expect(heard.trailer?.getBytes("trailer-bin")).toEqual(Buffer.from([3]));
  });

  test.each(["list", "chat"] as const)("come with the responses of %s", async (name) => {
    async function* answer(_request: unknown, call: { header: Metadata; trailer: Metadata }) {
      call.header.set("x-header", "h");
      yield await Promise.resolve(note("a"));
      call.trailer.set("x-trailer", "t");
    }
    await using server = await startNoteServer({ list: answer, chat: answer });
    const { heard, ...options } = listening();
    const { client } = server;
    const responses = name === "list" ? client.list({}, options) : client.chat([], options);
    await responses.next();
    expect(heard.header?.get("x-header")).toBe("h");
    await responses.next();
    expect(heard.trailer?.get("x-trailer")).toBe("t");
  });

  test.each(["say", "list", "collect", "chat"] as const)("come when %s fails", async (name) => {
    const fail = (_request: unknown, call: { header: Metadata; trailer: Metadata; sendHeader: () => void }) => {
      call.header.set("x-header", "h");
      call.sendHeader();
      call.trailer.set("x-trailer", "t");
      throw new StatusError(Status.NOT_FOUND, "none");
    };
    await using server = await startNoteServer({ say: fail, list: fail, collect: fail, chat: fail });
    const { heard, ...options } = listening();
    const { say, list, collect: gather, chat } = server.client;
    const calls = {
      say: () => say({}, options),
      list: () => collect(list({}, options)),
      collect: () => gather([], options),
      chat: () => collect(chat([], options)),
    };
    await expect(calls[name]()).rejects.toMatchObject({ code: Status.NOT_FOUND, details: "none" });
    expect(heard.header?.get("x-header")).toBe("h");
    expect(heard.trailer?.get("x-trailer")).toBe("t");
  });

  test("may be sent before the handler has an answer", async () => {
    const heardHeader = createGate();
    await using server = await startNoteServer({
      async say(request, call) {
        call.header.set("x-early", "yes");
        call.sendHeader();
        call.sendHeader();
        await heardHeader.promise;
        return request;
      },
    });
    const onHeader = (header: Metadata) => {
      if (header.get("x-early") === "yes") {
        heardHeader.resolve(undefined);
      }
    };
    await expect(server.client.say({ text: "late" }, { onHeader })).resolves.toEqual(note("late"));
  });

  test.each(["onHeader", "onTrailer"] as const)("end the call with what %s throws", async (name) => {
    await using server = await startNoteServer();
    const failing = {
      [name]: () => {
        throw new Error("not like this");
      },
    };
    await expect(server.client.say({}, failing)).rejects.toThrow("not like this");
    await expect(collect(server.client.list({}, failing))).rejects.toThrow("not like this");
    await expect(server.client.collect([], failing)).rejects.toThrow("not like this");
    await expect(server.client.say({ text: "still" })).resolves.toEqual(note("still"));
  });
});
