import {
  type Client,
  type ClientInterceptor,
  createClient,
  type ServerInterceptor,
  type ServiceDefinition,
  type ServiceImplementation,
} from "@rollcall/rpc";
import {
  bindService,
  type Channel,
  type ChannelOptions,
  createChannel,
  createServer,
  listen,
  type ListenerOptions,
  type ServerOptions,
  shutDown,
  type UnexpectedErrorListener,
} from "@rollcall/rpc/grpc";

/** What surrounds the service and its client, and how both are bounded. */
export interface TestServerOptions {
  /** Surround the service's handlers. None by default. */
  readonly interceptors?: readonly ServerInterceptor[] | undefined;
  /** Surround the client's calls. None by default. */
  readonly clientInterceptors?: readonly ClientInterceptor[] | undefined;
  /** Hears of what handlers throw beside StatusErrors. Written to standard error by default. */
  readonly onUnexpectedError?: UnexpectedErrorListener | undefined;
  readonly server?: ServerOptions | undefined;
  /** Which connections are accepted, and whether they are encrypted. In the clear by default. */
  readonly listener?: ListenerOptions | undefined;
  readonly channel?: Omit<ChannelOptions, "address"> | undefined;
}

/** A server that runs, and a client that is connected to it. */
export interface TestServer<S extends ServiceDefinition> {
  readonly client: Client<S>;
  readonly channel: Channel;
  /** Where the server listens, as in `127.0.0.1:40312`. */
  readonly address: string;
  /** Cuts off all calls and stops the server. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a real server with one service on a free port, and a typed client for it:
 *
 * `await using server = await startTestServer(PingServiceDefinition, createPingService());`
 */
export async function startTestServer<S extends ServiceDefinition>(
  definition: S,
  implementation: ServiceImplementation<S>,
  options: TestServerOptions = {},
): Promise<TestServer<S>> {
  const server = createServer(options.server);
  const { service, handlers } = bindService(definition, implementation, options);
  server.addService(service, handlers);
  const { port } = await listen(server, "127.0.0.1:0", options.listener);
  const address = `127.0.0.1:${String(port)}`;
  const channel = createChannel({ address, ...options.channel });
  return {
    client: createClient(definition, channel, { interceptors: options.clientInterceptors }),
    channel,
    address,
    async [Symbol.asyncDispose]() {
      channel.close();
      await shutDown(server, 0);
    },
  };
}
