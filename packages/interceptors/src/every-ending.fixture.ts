import {
  type ClientInterceptor,
  createClient,
  type ServerInterceptor,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createPingService, startProxy, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import type { MakeCall } from "./every-kind.fixture.js";
import { until } from "./until.fixture.js";
import { createWaitingService, overdueSoon } from "./waiting-service.fixture.js";

/** What stands around a call that is brought to its end. */
export interface EndingOptions {
  readonly interceptors?: readonly ServerInterceptor[];
  readonly clientInterceptors?: readonly ClientInterceptor[];
}

/** Brings a call to its end, on both sides. */
export type BringToEnd = (makeCall: MakeCall, options?: EndingOptions) => Promise<void>;

/** A way in which calls end, and the status that server and client see then. */
export interface Ending {
  readonly onServer: Status;
  readonly onClient: Status;
  readonly bringToEnd: BringToEnd;
}

type PingService = ServiceImplementation<PingServiceDefinition>;

/** All the ways in which calls end. */
export const everyEnding: readonly (readonly [string, Ending])[] = [
  ["succeeds", { onServer: Status.OK, onClient: Status.OK, bringToEnd: answer(createPingService) }],
  [
    "fails with a status",
    {
      onServer: Status.NOT_FOUND,
      onClient: Status.NOT_FOUND,
      bringToEnd: answer(failWith(new StatusError(Status.NOT_FOUND, "secret"))),
    },
  ],
  [
    "fails unexpectedly",
    { onServer: Status.INTERNAL, onClient: Status.INTERNAL, bringToEnd: answer(failWith(new Error("secret"))) },
  ],
  [
    "fails with a status of another server",
    {
      onServer: Status.INTERNAL,
      onClient: Status.INTERNAL,
      bringToEnd: answer(failWith(new StatusError(Status.NOT_FOUND, "secret", { received: true }))),
    },
  ],
  ["is cancelled", { onServer: Status.CANCELLED, onClient: Status.CANCELLED, bringToEnd: cancel }],
  [
    "is overdue",
    { onServer: Status.DEADLINE_EXCEEDED, onClient: Status.DEADLINE_EXCEEDED, bringToEnd: letDeadlinePass },
  ],
  ["loses its connection", { onServer: Status.CANCELLED, onClient: Status.UNAVAILABLE, bringToEnd: cutConnection }],
];

/** Starts a server that tells when its first call has passed all interceptors. */
async function startServer(service: PingService, { interceptors = [], clientInterceptors }: EndingOptions) {
  let ended = false;
  const noteEnd: ServerInterceptor = () => async (_call, next) => {
    try {
      await next();
    } finally {
      ended = true;
    }
  };
  const server = await startTestServer(PingServiceDefinition, service, {
    interceptors: [noteEnd, ...interceptors],
    clientInterceptors,
    onUnexpectedError: () => undefined,
  });
  return { server, end: () => until(() => ended) };
}

function answer(createService: () => PingService): BringToEnd {
  return async (makeCall, options = {}) => {
    const { server, end } = await startServer(createService(), options);
    await using _stop = server;
    await settled(makeCall(server.client));
    await end();
  };
}

async function cancel(makeCall: MakeCall, options: EndingOptions = {}): Promise<void> {
  const { service, arrival } = createWaitingService();
  const { server, end } = await startServer(service, options);
  await using _stop = server;
  const cancellation = new AbortController();
  const call = settled(makeCall(server.client, { signal: cancellation.signal }));
  await arrival;
  cancellation.abort();
  await Promise.all([call, end()]);
}

async function letDeadlinePass(makeCall: MakeCall, options: EndingOptions = {}): Promise<void> {
  const interceptors = [...(options.interceptors ?? []), overdueSoon];
  const { server, end } = await startServer(createWaitingService().service, { ...options, interceptors });
  await using _stop = server;
  await Promise.all([settled(makeCall(server.client)), end()]);
}

async function cutConnection(makeCall: MakeCall, options: EndingOptions = {}): Promise<void> {
  const { service, arrival } = createWaitingService();
  const { server, end } = await startServer(service, options);
  await using _stop = server;
  await using proxy = await startProxy(server.address);
  const channel = createChannel({ address: proxy.address });
  const client = createClient(PingServiceDefinition, channel, { interceptors: options.clientInterceptors });
  const call = settled(makeCall(client));
  await arrival;
  proxy.cut();
  await Promise.all([call, end()]);
  channel.close();
}

function failWith(error: Error): () => PingService {
  const fail = () => Promise.reject(error);
  const failLater = async function* (): AsyncGenerator<never> {
    yield* [];
    await fail();
  };
  return () => ({ ping: fail, count: failLater, collect: fail, echo: failLater });
}

async function settled(call: Promise<unknown>): Promise<void> {
  await call.catch(() => undefined);
}
