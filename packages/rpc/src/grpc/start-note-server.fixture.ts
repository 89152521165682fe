import type { Client } from "../client.js";
import { createClient } from "../create-client.js";
import type { ClientInterceptor, ServerInterceptor } from "../interceptor.js";
import { note, NoteServiceDefinition } from "../note-service.fixture.js";
import type { ServiceImplementation } from "../service-implementation.js";
import { bindService } from "./bind-service.js";
import { type Channel, type ChannelOptions, createChannel } from "./channel.js";
import { createServer, type ServerOptions } from "./create-server.js";
import { listen, shutDown } from "./listen.js";
import type { ListenerOptions } from "./listener.js";
import type { UnexpectedErrorListener } from "./unexpected-error.js";

export type NoteHandlers = ServiceImplementation<NoteServiceDefinition>;

export interface NoteServerOptions {
  readonly interceptors?: readonly ServerInterceptor[];
  readonly clientInterceptors?: readonly ClientInterceptor[];
  readonly onUnexpectedError?: UnexpectedErrorListener;
  readonly server?: ServerOptions;
  readonly channel?: Partial<ChannelOptions>;
  readonly listener?: ListenerOptions;
}

export interface NoteServer extends AsyncDisposable {
  readonly client: Client<NoteServiceDefinition>;
  readonly channel: Channel;
  readonly address: string;
  /** What the server reported as unexpected, where the test gave no listener of its own. */
  readonly unexpected: readonly unknown[];
}

/** Handlers that answer what they are told. */
export const echoing: NoteHandlers = {
  say: (request) => Promise.resolve(request),
  async *list(request) {
    yield await Promise.resolve(request);
  },
  async collect(requests) {
    const texts = [];
    for await (const { text } of requests) {
      texts.push(text);
    }
    return note(texts.join(","));
  },
  async *chat(requests) {
    yield* requests;
  },
};

/** A real server of notes and a client for it. Methods without a handler answer what they are told. */
export async function startNoteServer(
  handlers: Partial<NoteHandlers> = {},
  options: NoteServerOptions = {},
): Promise<NoteServer> {
  const unexpected: unknown[] = [];
  const server = createServer(options.server);
  const { service, handlers: native } = bindService(
    NoteServiceDefinition,
    { ...echoing, ...handlers },
    {
      interceptors: options.interceptors,
      onUnexpectedError: options.onUnexpectedError ?? ((error) => unexpected.push(error)),
    },
  );
  server.addService(service, native);
  const { port } = await listen(server, "127.0.0.1:0", options.listener);
  const address = `127.0.0.1:${String(port)}`;
  const channel = createChannel({ address, ...options.channel });
  return {
    client: createClient(NoteServiceDefinition, channel, { interceptors: options.clientInterceptors }),
    channel,
    address,
    unexpected,
    async [Symbol.asyncDispose]() {
      channel.close();
      await shutDown(server, 0);
    },
  };
}
