import { describe, expect, test } from "@jest/globals";
import {
  createClient,
  methodOf,
  type RateLimitPolicy,
  type ServerInterceptor,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createFakeClock, createPingService, failCalls, startProxy, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyKind } from "../../every-kind.fixture.js";
import { overdueSoon } from "../../overdue-soon.fixture.js";
import { setCaller } from "../caller.js";
import { realIp } from "../real-ip/real-ip.js";
import { createWaitingService } from "../waiting-service.fixture.js";
import { createMemoryStore, rateLimit, type RateLimitStore } from "./rate-limit.js";

type PingService = ServiceImplementation<typeof PingServiceDefinition>;

const { methods } = PingServiceDefinition;
const pingMethod = methodOf(PingServiceDefinition, methods.ping);
const once: RateLimitPolicy = { requests: 1, perMs: 2_500, key: "subject", cost: 1 };

/** The same limit for every method. */
const policiesOf = (policy: RateLimitPolicy | undefined) =>
  new Map(
    Object.values(methods).map((method) => [
      methodOf(PingServiceDefinition, method).path,
      policy === undefined ? {} : { rateLimit: policy },
    ]),
  );

interface StartOptions {
  readonly service?: PingService;
  readonly policy?: RateLimitPolicy;
  readonly store?: RateLimitStore;
  readonly before?: readonly ServerInterceptor[];
  readonly behind?: readonly ServerInterceptor[];
}

const start = ({ service = createPingService(), policy = once, store, before = [], behind = [] }: StartOptions = {}) =>
  startTestServer(PingServiceDefinition, service, {
    interceptors: [...before, rateLimit({ policies: policiesOf(policy), domain: "example", store }), ...behind],
  });

/** Takes for the caller whoever the metadata names. */
const believe: ServerInterceptor = () => async (call, next) => {
  const subject = call.metadata.get("user");
  if (typeof subject === "string") {
    setCaller(call, { subject, roles: [], credential: "token" });
  }
  await next();
};

/** Keeps each call until it ends. */
const waitForEnd: ServerInterceptor = () => (call) =>
  new Promise((_resolve, reject) => {
    call.signal.addEventListener("abort", () => {
      reject(call.signal.reason as Error); // our signals are aborted with errors
    });
  });

describe("rateLimit", () => {
  test.each(everyKind)("refuses a %s call over the limit and says when to try again", async (kind, makeCall) => {
    const clock = createFakeClock();
    await using server = await start({ store: createMemoryStore({ now: clock.now }) });
    await makeCall(server.client);
    await clock.advance(250);
    await expect(makeCall(server.client)).rejects.toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
      details: "too many calls; try again later",
      retryDelayMs: 2_250,
      errorDetails: {
        errorInfo: { reason: "RATE_LIMITED", domain: "example", metadata: {} },
        retryInfo: { retryDelay: { seconds: 2n, nanos: 250_000_000 } },
        quotaFailure: {
          violations: [
            { subject: "clientip:127.0.0.1", description: expect.stringMatching(/^at most 1 calls of \/ping/) },
          ],
        },
      },
    });
    await clock.advance(2_250);
    await expect(makeCall(server.client)).resolves.toBeDefined();
    expect(kind).toBeDefined();
  });

  test("runs no handler for a call that it refuses", async () => {
    const texts: string[] = [];
    const service: PingService = {
      ...createPingService(),
      ping: ({ text, values }) => {
        texts.push(text);
        return Promise.resolve({ text, values });
      },
    };
    await using server = await start({ service });
    await server.client.ping({ text: "first" });
    await expect(server.client.ping({ text: "second" })).rejects.toBeInstanceOf(StatusError);
    expect(texts).toEqual(["first"]);
  });

  test("counts methods apart", async () => {
    await using server = await start();
    await server.client.ping({});
    await expect(server.client.collect([])).resolves.toBeDefined();
  });

  test("counts users apart, wherever they call from, and those who did not sign in by their address", async () => {
    await using server = await start({ before: [believe] });
    const ping = (user?: string) => server.client.ping({}, user === undefined ? {} : { metadata: { user } });
    await ping("ada");
    await ping("grace");
    await ping();
    for (const user of ["ada", "grace", undefined]) {
      await expect(ping(user)).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
    }
  });

  test("counts all users of an address together where the policy says so", async () => {
    await using server = await start({ policy: { ...once, key: "peer" }, before: [believe] });
    await server.client.ping({}, { metadata: { user: "ada" } });
    await expect(server.client.ping({}, { metadata: { user: "grace" } })).rejects.toMatchObject({
      errorDetails: { quotaFailure: { violations: [{ subject: "clientip:127.0.0.1" }] } },
    });
  });

  test("does not fall for forged forwarding metadata", async () => {
    await using server = await start({ before: [realIp({ trustedProxies: [] })] });
    await server.client.ping({}, { metadata: { "x-forwarded-for": "192.0.2.1" } });
    await expect(server.client.ping({}, { metadata: { "x-forwarded-for": "192.0.2.2" } })).rejects.toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
    });
  });

  test("counts the clients behind a trusted proxy apart", async () => {
    await using server = await start({ before: [realIp({ trustedProxies: ["127.0.0.1"] })] });
    await server.client.ping({}, { metadata: { "x-forwarded-for": "192.0.2.1" } });
    await expect(server.client.ping({}, { metadata: { "x-forwarded-for": "192.0.2.2" } })).resolves.toBeDefined();
  });

  test.each([
    ["fails", [failCalls(new StatusError(Status.NOT_FOUND, "no such text"))], Status.NOT_FOUND],
    ["passes its deadline", [overdueSoon, waitForEnd], Status.DEADLINE_EXCEEDED],
  ])("counts a call that %s, and leaves its status alone", async (_case, behind, code) => {
    await using server = await start({ behind });
    await expect(server.client.ping({})).rejects.toMatchObject({ code });
    await expect(server.client.ping({})).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
  });

  test.each(everyKind)(
    "counts a %s call that is cancelled, and one whose connection breaks",
    async (_kind, makeCall) => {
      for (const breaks of [false, true]) {
        const { service, began, ended } = createWaitingService();
        await using server = await start({ service });
        await using proxy = await startProxy(server.address);
        await using channel = createChannel({ address: proxy.address });
        const client = createClient(PingServiceDefinition, channel);
        const cancelling = new AbortController();
        const call = makeCall(client, { signal: cancelling.signal });
        call.catch(() => undefined);
        await began;
        if (breaks) {
          proxy.cut();
        } else {
          cancelling.abort();
        }
        await expect(call).rejects.toMatchObject({ code: breaks ? Status.UNAVAILABLE : Status.CANCELLED });
        await expect(ended).resolves.toMatchObject({ code: Status.CANCELLED });
        await expect(makeCall(server.client)).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
      }
    },
  );

  test("waits for a store that answers later, in either way", async () => {
    const waits = [0, 1_500];
    const store: RateLimitStore = { counterOf: () => () => Promise.resolve(waits.shift() ?? 0) };
    await using server = await start({ store });
    await expect(server.client.ping({})).resolves.toBeDefined();
    await expect(server.client.ping({})).rejects.toMatchObject({ retryDelayMs: 1_500 });
  });

  test("rounds the delay up to whole milliseconds", async () => {
    const store: RateLimitStore = { counterOf: () => () => 999.001 };
    await using server = await start({ store });
    await expect(server.client.ping({})).rejects.toMatchObject({ retryDelayMs: 1_000 });
  });

  test("gives the reason that it is told to", async () => {
    const store: RateLimitStore = { counterOf: () => () => 1 };
    const interceptors = [rateLimit({ policies: policiesOf(once), domain: "example", reason: "SLOW_DOWN", store })];
    await using server = await startTestServer(PingServiceDefinition, createPingService(), { interceptors });
    await expect(server.client.ping({})).rejects.toMatchObject({ reason: "SLOW_DOWN" });
  });

  test("has no layer for methods without a limit, or without a policy", () => {
    expect(rateLimit({ policies: policiesOf(undefined), domain: "example" })(pingMethod)).toBeUndefined();
    expect(rateLimit({ policies: new Map(), domain: "example" })(pingMethod)).toBeUndefined();
  });

  test.each([
    [{ requests: 0 }, "requests of the rate limit of /ping.v1.PingService/Ping is 0;"],
    [{ perMs: Number.NaN }, "perMs of the rate limit of /ping.v1.PingService/Ping is NaN;"],
    [{ perMs: -1 }, "perMs of the rate limit of /ping.v1.PingService/Ping is -1;"],
    [{ cost: 0.5 }, "cost of the rate limit of /ping.v1.PingService/Ping is 0.5;"],
    [{ cost: 2 }, "a call of /ping.v1.PingService/Ping costs 2, more than the 1 of its rate limit"],
  ])("refuses the policy %p", (part, sentence) => {
    const create = () => rateLimit({ policies: policiesOf({ ...once, ...part }), domain: "example" })(pingMethod);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(sentence);
  });
});
