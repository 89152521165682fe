import type { CallOptions, Client, MethodKind, Responses } from "@rollcall/rpc";
import type { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";

export type PingClient = Client<PingServiceDefinition>;

/** Makes a whole call and answers with what came back. */
export type MakeCall = (client: PingClient, options?: CallOptions) => Promise<unknown>;

/** A call of each kind, which succeeds on the ping service. */
export const everyKind: readonly (readonly [MethodKind, MakeCall])[] = [
  ["unary", (client, options) => client.ping({ text: "a" }, options)],
  ["serverStreaming", (client, options) => all(client.count({ to: 2 }, options))],
  ["clientStreaming", (client, options) => client.collect([{ text: "a" }, { text: "b" }], options)],
  ["bidiStreaming", (client, options) => all(client.echo([{ text: "a" }, { text: "b" }], options))],
];

/** All messages of a stream. */
export async function all<T>(responses: Responses<T>): Promise<T[]> {
  const messages = [];
  for await (const message of responses) {
    messages.push(message);
  }
  return messages;
}

/** Requests that never come: the call stays open until something ends it. */
export async function* silence(): AsyncGenerator<never> {
  await new Promise<never>(() => undefined);
  yield* [];
}
