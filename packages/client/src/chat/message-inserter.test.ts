import { describe, expect, jest, test } from "@jest/globals";
import { MessageInserter } from "./message-inserter.js";

/** Messages that come when they are told to. */
function createSource() {
  const waiting: ((result: IteratorResult<string, undefined>) => void)[] = [];
  const stopped = jest.fn();
  const messages: AsyncIterator<string, undefined> & AsyncIterable<string> = {
    next: () => new Promise((resolve) => void waiting.push(resolve)),
    async return() {
      stopped();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => messages,
  };
  return {
    messages,
    stopped,
    /** How often a message was asked for that did not come yet. */
    asked: () => waiting.length,
    come: (value: string) => waiting.shift()?.({ done: false, value }),
    end: () => waiting.shift()?.({ done: true, value: undefined }),
  };
}

function start(own: AsyncIterable<string> | Iterable<string>) {
  const listener = { begun: jest.fn(), ended: jest.fn() };
  return { listener, inserter: new MessageInserter<string>(own, listener) };
}

const of = (value: string) => ({ done: false, value });
const end = { done: true, value: undefined };

describe("MessageInserter", () => {
  test("passes the stream's own messages on, one for each that is asked for", async () => {
    const source = createSource();
    const { inserter, listener } = start(source.messages);
    expect(source.asked()).toBe(0);
    const first = inserter.next();
    expect(source.asked()).toBe(1);
    source.come("one");
    await expect(first).resolves.toEqual(of("one"));
    expect(source.asked()).toBe(0);
    expect(listener.begun).toHaveBeenCalledTimes(1);
    const last = inserter.next();
    source.end();
    await expect(last).resolves.toEqual(end);
    expect(listener.ended).toHaveBeenCalled();
  });

  test("takes what is not asynchronous as well", async () => {
    const { inserter } = start(["one"]);
    await expect(inserter.next()).resolves.toEqual(of("one"));
    await expect(inserter.next()).resolves.toEqual(end);
  });

  test("inserts a message at once where the next own one is waited for, and loses none", async () => {
    const source = createSource();
    const { inserter } = start(source.messages);
    const first = inserter.next();
    inserter.insert("between");
    await expect(first).resolves.toEqual(of("between"));
    source.come("own");
    await expect(inserter.next()).resolves.toEqual(of("own"));
    expect(source.asked()).toBe(0);
  });

  test("waits with a message until one is taken, and asks for no own one in its place", async () => {
    const source = createSource();
    const { inserter } = start(source.messages);
    inserter.insert("older");
    inserter.insert("newer");
    await expect(inserter.next()).resolves.toEqual(of("newer"));
    expect(source.asked()).toBe(0);
  });

  test("fails as its source does, and as it is told to, after what was inserted", async () => {
    const failing = { next: () => Promise.reject(new Error("the source failed")) };
    const { inserter } = start({ [Symbol.asyncIterator]: () => failing });
    await expect(inserter.next()).rejects.toThrow("the source failed");
    const told = start(createSource().messages);
    told.inserter.insert("last");
    told.inserter.fail(new Error("no more"));
    await expect(told.inserter.next()).resolves.toEqual(of("last"));
    await expect(told.inserter.next()).rejects.toThrow("no more");
    expect(told.listener.ended).toHaveBeenCalled();
  });

  test("ends its source when it is ended, also while a message is waited for", async () => {
    const source = createSource();
    const { inserter, listener } = start(source.messages);
    const next = inserter.next();
    await expect(inserter.return()).resolves.toEqual(end);
    await expect(next).resolves.toEqual(end);
    expect(source.stopped).toHaveBeenCalledTimes(1);
    expect(listener.ended).toHaveBeenCalledTimes(1);
  });

  test("ends also where its source waits for something that never comes", async () => {
    async function* waiting() {
      yield await new Promise<string>(() => undefined);
    }
    const { inserter } = start(waiting());
    const next = inserter.next();
    await expect(inserter.return()).resolves.toEqual(end);
    await expect(next).resolves.toEqual(end);
  });

  test("takes no notice of a source that does not end well", async () => {
    const messages = { next: async () => of("one"), return: () => Promise.reject(new Error("cannot end")) };
    const { inserter } = start({ [Symbol.asyncIterator]: () => messages as AsyncIterator<string> });
    await expect(inserter.return()).resolves.toEqual(end);
  });
});
