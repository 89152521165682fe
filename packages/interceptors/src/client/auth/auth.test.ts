import { describe, expect, jest, test } from "@jest/globals";
import {
  type CallOptions,
  createClient,
  deadlineIn,
  type Metadata,
  type ServerInterceptor,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createPingService, startProxy, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyKind, silence } from "../../every-kind.fixture.js";
import { until } from "../../until.fixture.js";
import { createWaitingService } from "../../server/waiting-service.fixture.js";
import { apiKey, auth, type AuthOptions, type TokenProvider } from "./auth.js";

interface Setup {
  readonly options?: Partial<AuthOptions>;
  readonly service?: ServiceImplementation<PingServiceDefinition>;
  /** Answers whether the server takes the token. */
  readonly accepts?: (token: string | undefined) => boolean;
  readonly refusal?: StatusError;
}

const rejected = new StatusError(Status.UNAUTHENTICATED, "the credentials are not valid", {
  errorDetails: { errorInfo: { reason: "CREDENTIALS_REJECTED", domain: "example", metadata: {} } },
});

/** A server that notes the tokens it is sent, and a client whose provider numbers its tokens. */
async function start({ options, service = createPingService(), accepts = () => true, refusal = rejected }: Setup = {}) {
  const sent: (string | undefined)[] = [];
  let count = 0;
  const provider = jest.fn<TokenProvider>(async () => `token-${++count}`);
  const check: ServerInterceptor =
    () =>
    async ({ metadata }, next) => {
      const token = metadata.get("authorization");
      sent.push(token);
      if (!accepts(token)) {
        throw refusal;
      }
      await next();
    };
  const signedIn = auth({ provider, ...options });
  const server = await startTestServer(PingServiceDefinition, service, {
    interceptors: [check],
    clientInterceptors: [signedIn],
  });
  return { server, sent, provider, signedIn };
}

describe("auth", () => {
  test.each(everyKind)("sends the token with a %s call", async (_kind, makeCall) => {
    const { server, sent, provider } = await start();
    await using _stop = server;
    await makeCall(server.client);
    await makeCall(server.client);
    expect(sent).toEqual(["Bearer token-1", "Bearer token-1"]);
    expect(provider).toHaveBeenCalledTimes(1);
  });

  test.each(everyKind)("leaves a %s call alone that has credentials of its own", async (_kind, makeCall) => {
    const { server, sent, provider } = await start();
    await using _stop = server;
    await makeCall(server.client, { metadata: { authorization: "Basic YTpi" } });
    expect(sent).toEqual(["Basic YTpi"]);
    expect(provider).not.toHaveBeenCalled();
  });

  test("stays out of methods that need no token", async () => {
    const { server, sent } = await start({ options: { applies: ({ name }) => name !== "Ping" } });
    await using _stop = server;
    await server.client.ping({});
    await server.client.collect([]);
    expect(sent).toEqual([undefined, "Bearer token-1"]);
  });

  test("makes a unary call again, once, with another token when the server refuses the first", async () => {
    const { server, sent } = await start({ accepts: (token) => token === "Bearer token-2" });
    await using _stop = server;
    await expect(server.client.ping({ text: "a" })).resolves.toMatchObject({ text: "a" });
    await expect(server.client.ping({ text: "b" })).resolves.toMatchObject({ text: "b" });
    expect(sent).toEqual(["Bearer token-1", "Bearer token-2", "Bearer token-2"]);
  });

  test("makes it again also when the server gives no reason", async () => {
    const refusal = new StatusError(Status.UNAUTHENTICATED, "who are you?");
    const { server, sent } = await start({ refusal, accepts: (token) => token === "Bearer token-2" });
    await using _stop = server;
    await server.client.ping({});
    expect(sent).toEqual(["Bearer token-1", "Bearer token-2"]);
  });

  test("replaces a token once for all calls that had it refused", async () => {
    const { server, provider } = await start({ accepts: (token) => token !== "Bearer token-1" });
    await using _stop = server;
    await Promise.all(Array.from({ length: 20 }, () => server.client.ping({})));
    expect(provider).toHaveBeenCalledTimes(2);
  });

  test("gives up when the server refuses the other token as well", async () => {
    const { server, sent } = await start({ accepts: () => false });
    await using _stop = server;
    await expect(server.client.ping({})).rejects.toMatchObject({
      code: Status.UNAUTHENTICATED,
      reason: "CREDENTIALS_REJECTED",
    });
    expect(sent).toEqual(["Bearer token-1", "Bearer token-2"]);
  });

  test("does not repeat a call with the token that was refused", async () => {
    const { server, sent, provider } = await start({ accepts: () => false });
    await using _stop = server;
    provider.mockResolvedValue("same");
    await expect(server.client.ping({})).rejects.toMatchObject({ reason: "CREDENTIALS_REJECTED" });
    expect(sent).toEqual(["Bearer same"]);
  });

  test("ends a call the way the provider does that is asked for another token", async () => {
    const { server, provider } = await start({ accepts: () => false });
    await using _stop = server;
    provider
      .mockResolvedValueOnce("first")
      .mockRejectedValueOnce(new StatusError(Status.UNAUTHENTICATED, "session over"));
    await expect(server.client.ping({})).rejects.toMatchObject({ details: "session over" });
  });

  test.each(everyKind.slice(1))(
    "ends a %s call that is refused, and sends another token next time",
    async (_kind, makeCall) => {
      const { server, sent } = await start({ accepts: (token) => token === "Bearer token-2" });
      await using _stop = server;
      await expect(makeCall(server.client)).rejects.toMatchObject({ reason: "CREDENTIALS_REJECTED" });
      await makeCall(server.client);
      expect(sent).toEqual(["Bearer token-1", "Bearer token-2"]);
    },
  );

  test.each([
    ["says that the password in the request is wrong", Status.UNAUTHENTICATED, "INVALID_CREDENTIALS"],
    ["says that there was no token", Status.UNAUTHENTICATED, "CREDENTIALS_REQUIRED"],
    ["denies the permission", Status.PERMISSION_DENIED, "CREDENTIALS_REJECTED"],
    ["does not answer", Status.UNAVAILABLE, "OVERLOADED"],
  ] as const)("keeps the token when the server %s", async (_case, code, reason) => {
    const errorDetails = { errorInfo: { reason, domain: "example", metadata: {} } };
    const { server, sent } = await start({
      accepts: () => false,
      refusal: new StatusError(code, "no", { errorDetails }),
    });
    await using _stop = server;
    await expect(server.client.ping({})).rejects.toMatchObject({ code, reason });
    await expect(server.client.ping({})).rejects.toMatchObject({ code, reason });
    expect(sent).toEqual(["Bearer token-1", "Bearer token-1"]);
  });

  test("goes by what it is told of refusals", async () => {
    const options = { isRefusal: ({ code }: StatusError) => code === Status.PERMISSION_DENIED };
    const refusal = new StatusError(Status.PERMISSION_DENIED, "no");
    const { server } = await start({ options, refusal, accepts: (token) => token === "Bearer token-2" });
    await using _stop = server;
    await expect(server.client.ping({})).resolves.toBeDefined();
  });

  test("asks again once it had to forget", async () => {
    const { server, sent, signedIn } = await start();
    await using _stop = server;
    await server.client.ping({});
    signedIn.forget();
    await server.client.ping({});
    expect(sent).toEqual(["Bearer token-1", "Bearer token-2"]);
  });

  test("leaves no token in the metadata, for a repeat by another interceptor or for a log", async () => {
    const seen: Metadata[] = [];
    const { server, signedIn } = await start();
    await using _stop = server;
    const client = createClient(PingServiceDefinition, server.channel, {
      interceptors: [
        () => async (call, next) => {
          await next();
          seen.push(call.metadata);
        },
        signedIn,
      ],
    });
    await client.ping({}, { metadata: { "x-kept": "a" } });
    expect(seen.map((metadata) => [...metadata])).toEqual([[["x-kept", "a"]]]);
  });

  test.each(everyKind)("ends a %s call without reaching the server when there is no token", async (_kind, makeCall) => {
    const { server, sent, provider } = await start();
    await using _stop = server;
    provider.mockRejectedValue(new Error("offline"));
    await expect(makeCall(server.client)).rejects.toMatchObject({
      code: Status.UNAVAILABLE,
      details: "the access token could not be obtained",
    });
    expect(sent).toEqual([]);
  });

  const endings: readonly (readonly [string, () => CallOptions, object])[] = [
    ["is cancelled already", () => ({ signal: AbortSignal.abort() }), { code: Status.CANCELLED }],
    ["is cancelled", () => ({ signal: AbortSignal.timeout(20) }), { code: Status.CANCELLED }],
    [
      "passes its deadline",
      () => ({ deadline: deadlineIn(20) }),
      { code: Status.DEADLINE_EXCEEDED, details: "the deadline of the call passed before there was an access token" },
    ],
  ];
  test.each(endings)(
    "a call that %s while it waits for the token leaves the others waiting",
    async (_case, ending, error) => {
      const { server, provider } = await start();
      await using _stop = server;
      let answer: (token: string) => void = () => undefined;
      provider.mockImplementationOnce(
        () =>
          new Promise((resolve) => {
            answer = resolve;
          }),
      );
      const other = server.client.ping({ text: "a" }, { deadline: deadlineIn(60_000) });
      await expect(server.client.ping({}, ending())).rejects.toMatchObject(error);
      answer("late");
      await expect(other).resolves.toMatchObject({ text: "a" });
      expect(provider).toHaveBeenCalledTimes(1);
    },
  );

  test("minds neither a handler that fails, nor a client that cancels, nor a connection that breaks", async () => {
    const ping = () => Promise.reject(new StatusError(Status.NOT_FOUND, "no such text"));
    const { service } = createWaitingService();
    const { server, signedIn, sent } = await start({ service: { ...service, ping } });
    await using _stop = server;
    await expect(server.client.ping({})).rejects.toMatchObject({ code: Status.NOT_FOUND, details: "no such text" });
    const cancelled = server.client.collect(silence(), { signal: AbortSignal.timeout(50) });
    await expect(cancelled).rejects.toMatchObject({ code: Status.CANCELLED });
    await using proxy = await startProxy(server.address);
    const channel = createChannel({ address: proxy.address });
    const client = createClient(PingServiceDefinition, channel, { interceptors: [signedIn] });
    const broken = expect(client.collect(silence())).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await until(() => sent.length === 3);
    proxy.cut();
    await broken;
    channel.close();
    expect(new Set(sent)).toEqual(new Set(["Bearer token-1"]));
  });
});

describe("apiKey", () => {
  const startWithKey = async (options: Partial<Parameters<typeof apiKey>[0]> = {}) => {
    const keys: unknown[] = [];
    const note: ServerInterceptor =
      () =>
      ({ metadata }, next) => {
        keys.push(metadata.get("x-api-key") ?? metadata.get("x-key"));
        return next();
      };
    const server = await startTestServer(PingServiceDefinition, createPingService(), {
      interceptors: [note],
      clientInterceptors: [apiKey({ key: "secret", ...options })],
    });
    return { server, keys };
  };

  test.each(everyKind)("sends the key with a %s call, unless it has one", async (_kind, makeCall) => {
    const { server, keys } = await startWithKey();
    await using _stop = server;
    await makeCall(server.client);
    await makeCall(server.client, { metadata: { "x-api-key": "other" } });
    expect(keys).toEqual(["secret", "other"]);
  });

  test("sends it as it is told", async () => {
    const { server, keys } = await startWithKey({ metadataKey: "x-key", applies: ({ name }) => name === "Ping" });
    await using _stop = server;
    await server.client.ping({});
    await server.client.collect([]);
    expect(keys).toEqual(["secret", undefined]);
  });

  test.each(["", "two words", "line\n", "schlüssel"])("cannot be made with the key %p, nor tells it", (key) => {
    const message =
      "the API key is empty, or holds what metadata cannot carry: it takes printable ASCII without spaces";
    expect(() => apiKey({ key })).toThrow(new TypeError(message));
  });
});
