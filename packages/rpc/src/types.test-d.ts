import type { Client, ClientMethod } from "./client.js";
import type { ServerCall } from "./call.js";
import { createCallKey } from "./call-values.js";
import type { MessageInit, MessageOf, MessageType } from "./message.js";
import type { Metadata } from "./metadata.js";
import type { Note, NoteServiceDefinition } from "./note-service.fixture.js";
import type { Handler, ServiceImplementation } from "./service-implementation.js";
import { type ErrorCode, Status } from "./status.js";
import { StatusError } from "./status-error.js";

type IsAny<T> = 0 extends 1 & T ? true : false;
type Includes<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Equals<A, B> = IsAny<A> extends true ? IsAny<B> : IsAny<B> extends true ? false : Includes<A, B>;
type NoneIsAny<T extends readonly unknown[]> = Equals<{ [I in keyof T]: IsAny<T[I]> }[number], false>;
type Holds<T extends true> = T;
type Streamed<T> = T extends AsyncIterable<infer Message> ? Message : never;

type Methods = NoteServiceDefinition["methods"];
type Handlers = ServiceImplementation<NoteServiceDefinition>;
type Notes = Client<NoteServiceDefinition>;
declare const client: Notes;
declare const note: Note;

/** The client's functions give exactly the messages of the service. */
export type ResponsesAreExact = [
  Holds<Equals<ReturnType<Notes["say"]>, Promise<Note>>>,
  Holds<Equals<ReturnType<Notes["collect"]>, Promise<Note>>>,
  Holds<Equals<Streamed<ReturnType<Notes["list"]>>, Note>>,
  Holds<Equals<Streamed<ReturnType<Notes["chat"]>>, Note>>,
  Holds<Equals<keyof Notes, "say" | "list" | "collect" | "chat">>,
];

/** No `any` comes out, neither on the client nor on the server. */
export type NothingIsAny = Holds<
  NoneIsAny<
    [
      Awaited<ReturnType<Notes["say"]>>,
      Awaited<ReturnType<Notes["collect"]>>,
      Streamed<ReturnType<Notes["list"]>>,
      Streamed<ReturnType<Notes["chat"]>>,
      Parameters<Notes["say"]>[0],
      Parameters<Notes["collect"]>[0],
      Streamed<Parameters<Notes["chat"]>[0]>,
      Parameters<Handlers["say"]>[0],
      Streamed<Parameters<Handlers["collect"]>[0]>,
      Awaited<ReturnType<Handlers["say"]>>,
      Streamed<ReturnType<Handlers["list"]>>,
      MessageOf<Methods["say"]["responseType"]>,
    ]
  >
>;

/** Requests take a part of the fields, and no others. */
export async function callWithRequests(): Promise<void> {
  await client.say({});
  await client.say({ text: "a" }, { deadline: new Date(), signal: AbortSignal.abort(), metadata: { key: ["a", "b"] } });
  await client.collect([{ text: "a" }, {}]);
  // @ts-expect-error text is a string
  await client.say({ text: 1 });
  // @ts-expect-error there is no such field
  await client.say({ texts: "a" });
  // @ts-expect-error a stream of requests is asked for
  await client.collect({ text: "a" });
  // @ts-expect-error text is a string in a stream, too
  await client.chat([{ text: 1 }]).return();
  // @ts-expect-error a deadline is a moment, not a number of milliseconds
  await client.say({}, { deadline: 1_000 });
  // @ts-expect-error there is no such option
  await client.say({}, { timeoutMs: 1_000 });
}

/** A client has the methods of its service. */
export type MethodsOfAnother = [
  // @ts-expect-error there is no such method
  Notes["shout"],
  // @ts-expect-error the response has no such field
  Awaited<ReturnType<Notes["say"]>>["texts"],
  // @ts-expect-error a promise is not iterable
  Holds<Equals<Streamed<ReturnType<Notes["say"]>>, Note>>,
];

declare function implement(handlers: Handlers): void;
declare function implementSay(handler: Handler<Methods["say"]>): void;
declare function implementList(handler: Handler<Methods["list"]>): void;
declare function implementCollect(handler: Handler<Methods["collect"]>): void;

const handlers: Handlers = {
  say: (request) => Promise.resolve(request),
  async *list(request) {
    yield await Promise.resolve(request);
  },
  async collect(requests) {
    const texts: string[] = [];
    for await (const { text } of requests) {
      texts.push(text);
    }
    return { ...note, text: texts.join() };
  },
  chat: (requests, { signal }) => (signal.aborted ? handlers.chat(requests, call) : requests),
};

// Handlers answer whole messages, and there is one for every method.
implement(handlers);
// @ts-expect-error the handlers of the other methods are missing
implement({ say: handlers.say });
// @ts-expect-error there is no such method
implement({ ...handlers, shout: handlers.say });
// @ts-expect-error a field of the response is missing
implementSay(() => Promise.resolve({ text: "a" }));
// @ts-expect-error a handler is asynchronous
implementSay((request) => request);
// @ts-expect-error responses are streamed
implementList((request) => Promise.resolve(request));
// @ts-expect-error requests are streamed
implementCollect((request: Note) => Promise.resolve(request));

// Every kind of field, as ts-proto generates it.
enum Shade {
  LIGHT = 1,
}
interface Everything {
  text: string;
  count: bigint;
  bytes: Uint8Array;
  time?: Date | undefined;
  shade: Shade;
  nested?: Everything | undefined;
  list: Everything[];
  names: Record<string, string>;
  children: Record<string, Everything>;
  choice?: { $case: "number"; value: bigint } | { $case: "message"; value: Everything } | undefined;
}
type Init = MessageInit<Everything>;
declare function init(value: Init): void;
init({});
init({ nested: { nested: { list: [{ text: "a" }, {}] } } });
init({ choice: { $case: "message", value: { text: "a" } }, children: { a: { count: 1n } }, names: { a: "b" } });
init({ time: new Date(), bytes: new Uint8Array(), shade: Shade.LIGHT });
// @ts-expect-error a nested message has no such field
init({ nested: { txt: "a" } });
// @ts-expect-error a message in a list has no such field
init({ list: [{ txt: "a" }] });
// @ts-expect-error a message in a map has no such field
init({ children: { a: { txt: "a" } } });
// @ts-expect-error a number is not a bigint
init({ count: 1 });
// @ts-expect-error a text is no point in time
init({ time: "2020-01-01" });
// @ts-expect-error a text is not bytes
init({ bytes: "a" });
// @ts-expect-error the enum has no such member
init({ shade: "LIGHT" });
// @ts-expect-error there is no such case
init({ choice: { $case: "text", value: "a" } });
// @ts-expect-error the value belongs to another case
init({ choice: { $case: "number", value: { text: "a" } } });
// @ts-expect-error a case comes with its value
init({ choice: { $case: "number" } });

/** What a field may be given as is its own type, never `any`. */
export type FieldsAreExact = [
  Holds<Equals<Init["text"], string | undefined>>,
  Holds<NoneIsAny<[Init["list"], Init["children"], Init["choice"], Init["nested"]]>>,
  Holds<Equals<Parameters<ClientMethod<Methods["say"]>>[0], MessageInit<Note>>>,
];

declare function takeNotes(type: MessageType<Note>): void;
declare const everythingType: MessageType<Everything>;
// @ts-expect-error a message type of one message does not pass for that of another
takeNotes(everythingType);

declare const call: ServerCall;
const count = createCallKey("count", 0);
call.values.set(count, 1);
// @ts-expect-error the value of this key is a number
call.values.set(count, "1");
/** Call values keep the type of their key. */
export const counted: number = call.values.get(count);
/** Metadata is ours. */
export type MetadataIsExact = Holds<Equals<ServerCall["metadata"], Metadata>>;

/** A status error is an error. */
export const errors = [
  new StatusError(Status.NOT_FOUND, "none"),
  // @ts-expect-error OK is no error
  new StatusError(Status.OK, "fine"),
];
/** OK is not among the codes of errors. */
export type OkIsNoError = Holds<Equals<Extract<ErrorCode, Status.OK>, never>>;
