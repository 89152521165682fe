import type { EventEmitter } from "node:events";
import type { Writable } from "node:stream";
import * as grpc from "@grpc/grpc-js";
import { type MethodDefinition, type MethodKind, methodOf } from "@rollcall/rpc";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";

function nativeMethod(definition: MethodDefinition): grpc.MethodDefinition<unknown, unknown> {
  const { path, requestStream, responseStream, requestType, responseType } = methodOf(
    PingServiceDefinition,
    definition,
  );
  return {
    path,
    requestStream,
    responseStream,
    requestSerialize: (message) => Buffer.from(requestType.encode(message).finish()),
    requestDeserialize: (bytes) => requestType.decode(bytes),
    responseSerialize: (message) => Buffer.from(responseType.encode(message).finish()),
    responseDeserialize: (bytes) => responseType.decode(bytes),
  };
}

const { methods } = PingServiceDefinition;

/** The ping service as grpc-js's own code generators describe it. */
export const nativePingService = {
  ping: nativeMethod(methods.ping),
  count: nativeMethod(methods.count),
  collect: nativeMethod(methods.collect),
  echo: nativeMethod(methods.echo),
} satisfies grpc.ServiceDefinition;

/** The path of the method of each kind. */
export const paths: Record<MethodKind, string> = {
  unary: nativePingService.ping.path,
  serverStreaming: nativePingService.count.path,
  clientStreaming: nativePingService.collect.path,
  bidiStreaming: nativePingService.echo.path,
};

export const kinds: readonly MethodKind[] = ["unary", "serverStreaming", "clientStreaming", "bidiStreaming"];
/** What the service answers to the calls that {@link callNatively} makes. */
export const answers: Record<MethodKind, unknown[]> = {
  unary: [{ text: "a", values: undefined }],
  serverStreaming: [
    { number: 1, padding: Buffer.alloc(0) },
    { number: 2, padding: Buffer.alloc(0) },
  ],
  clientStreaming: [{ texts: ["a", "b"] }],
  bidiStreaming: [{ text: "a" }, { text: "b" }],
};

interface TextMessage {
  readonly text: string;
}

export type PingCall = grpc.ServerUnaryCall<TextMessage, TextMessage>;
export type CountCall = grpc.ServerWritableStream<{ readonly to: number }, unknown>;
export type CollectCall = grpc.ServerReadableStream<TextMessage, unknown>;
export type EchoCall = grpc.ServerDuplexStream<TextMessage, TextMessage>;

/** Handlers of the ping service, as grpc-js takes them. */
export interface NativeHandlers {
  readonly ping: (call: PingCall, callback: grpc.sendUnaryData<unknown>) => void;
  readonly count: (call: CountCall) => void;
  readonly collect: (call: CollectCall, callback: grpc.sendUnaryData<unknown>) => void;
  readonly echo: (call: EchoCall) => void;
}

/** Handlers that answer what they are asked. */
export const answering: NativeHandlers = {
  ping: ({ request }, callback) => {
    callback(null, { text: request.text });
  },
  count: (call) => {
    for (let number = 1; number <= call.request.to; number++) {
      call.write({ number, padding: new Uint8Array() });
    }
    call.end();
  },
  collect: (call, callback) => {
    const texts: string[] = [];
    call.on("data", ({ text }: TextMessage) => texts.push(text));
    call.on("end", () => {
      callback(null, { texts });
    });
  },
  echo: (call) => {
    call.on("data", ({ text }: TextMessage) => call.write({ text }));
    call.on("end", () => {
      call.end();
    });
  },
};

/** Handlers that call `end` with what ends their call, in place of an answer. */
export function endingWith(error: Partial<grpc.StatusObject> & { readonly message?: string }): NativeHandlers {
  return {
    ping: (_call, callback) => {
      callback(error);
    },
    count: (call) => call.emit("error", error),
    collect: (_call, callback) => {
      callback(error);
    },
    echo: (call) => call.emit("error", error),
  };
}

/** Handlers that never answer. */
export function waiting(onCall: (call: EventEmitter) => void): NativeHandlers {
  return { ping: onCall, count: onCall, collect: onCall, echo: onCall };
}

/** What a client of grpc-js got, or what its call failed with. */
export interface NativeAnswer {
  readonly messages: readonly unknown[];
  readonly status: grpc.StatusObject;
  readonly header: grpc.Metadata | undefined;
}

/** What a call of grpc-js's client offers, whatever its kind. */
export interface NativeClientCall extends EventEmitter {
  cancel(): void;
}

export interface NativeCallOptions extends grpc.CallOptions {
  readonly metadata?: grpc.Metadata;
  /** Leaves streamed requests open. */
  readonly stayOpen?: boolean;
  /** Is given the call as it begins. */
  readonly onCall?: (call: NativeClientCall) => void;
}

/** Makes a call of a kind, as a plain client of grpc-js does. Resolves however it ends. */
export async function callNatively(
  client: grpc.Client,
  kind: MethodKind,
  { metadata = new grpc.Metadata(), stayOpen = false, onCall, ...options }: NativeCallOptions = {},
): Promise<NativeAnswer> {
  const messages: unknown[] = [];
  const answered = (_error: unknown, message?: unknown) => {
    if (message !== undefined) {
      messages.push(message);
    }
  };
  const call = start[kind](client, metadata, options, answered, stayOpen);
  let header: grpc.Metadata | undefined;
  call.on("metadata", (received: grpc.Metadata) => {
    header = received;
  });
  call.on("data", (message: unknown) => messages.push(message));
  call.on("error", () => undefined); // the status tells it
  const read = "readable" in call ? new Promise((resolve) => call.once("close", resolve)) : undefined;
  onCall?.(call);
  const status = await new Promise<grpc.StatusObject>((resolve) => call.once("status", resolve));
  await (status.code === grpc.status.OK ? read : undefined);
  return { messages, status, header };
}

type Start = (
  client: grpc.Client,
  metadata: grpc.Metadata,
  options: grpc.CallOptions,
  answered: grpc.requestCallback<unknown>,
  stayOpen: boolean,
) => NativeClientCall;

const { ping, count, collect, echo } = nativePingService;

const start: Record<MethodKind, Start> = {
  unary: (client, metadata, options, answered) =>
    client.makeUnaryRequest(
      ping.path,
      ping.requestSerialize,
      ping.responseDeserialize,
      { text: "a" },
      metadata,
      options,
      answered,
    ),
  serverStreaming: (client, metadata, options) =>
    client.makeServerStreamRequest(
      count.path,
      count.requestSerialize,
      count.responseDeserialize,
      { to: 2, paddingBytes: 0 },
      metadata,
      options,
    ),
  clientStreaming: (client, metadata, options, answered, stayOpen) => {
    const call = client.makeClientStreamRequest(
      collect.path,
      collect.requestSerialize,
      collect.responseDeserialize,
      metadata,
      options,
      answered,
    );
    return sendTexts(call, stayOpen);
  },
  bidiStreaming: (client, metadata, options, _answered, stayOpen) =>
    sendTexts(
      client.makeBidiStreamRequest(echo.path, echo.requestSerialize, echo.responseDeserialize, metadata, options),
      stayOpen,
    ),
};

function sendTexts<C extends Writable>(call: C, stayOpen: boolean): C {
  call.write({ text: "a" });
  call.write({ text: "b" });
  return stayOpen ? call : call.end();
}
