import { describe, expect, test } from "@jest/globals";
import {
  type ClientInterceptor,
  createClient,
  deadlineIn,
  type ErrorCode,
  type MethodPolicy,
  methodOf,
  type ServiceConfig,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createFakeClock, createPingService, startProxy, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { createChannel } from "@rollcall/rpc/grpc";
import { everyKind } from "../../every-kind.fixture.js";
import { CircuitOpenError } from "../circuit-breaker/circuit-open-error.js";
import { type Repeat, retry, type RetryOptions } from "./retry.js";

type PingService = ServiceImplementation<PingServiceDefinition>;

const pingPath = "/ping.v1.PingService/Ping";
const ample = { maxTokens: 1_000, tokenRatio: 1 };
const keyed: MethodPolicy = { access: { kind: "public" }, audit: false, idempotencyKey: "text" };
const serviceConfig: ServiceConfig = {
  methodConfig: [
    {
      name: [{ service: "ping.v1.PingService", method: "Ping" }],
      retryPolicy: {
        maxAttempts: 2,
        initialBackoff: "0.001s",
        maxBackoff: "0.001s",
        backoffMultiplier: 1,
        retryableStatusCodes: ["UNAVAILABLE"],
      },
    },
  ],
};

const unavailable = (retryDelayMs?: number) => new StatusError(Status.UNAVAILABLE, "not now", { retryDelayMs });
const exhausted = (retryDelayMs?: number) => new StatusError(Status.RESOURCE_EXHAUSTED, "too often", { retryDelayMs });

/** A server whose unary method fails with each of `failures` in turn, and then answers. */
async function start(failures: readonly StatusError[], options: RetryOptions = {}) {
  const seen: string[] = [];
  const repeats: Repeat[] = [];
  const left = [...failures];
  const service: PingService = {
    ...createPingService(),
    ping: ({ text }) => {
      seen.push(text);
      const failure = left.shift();
      return failure === undefined ? Promise.resolve({ text, values: undefined }) : Promise.reject(failure);
    },
  };
  const sleep = () => Promise.resolve();
  const onRetry = (repeat: Repeat) => repeats.push(repeat);
  const clientInterceptors = [retry({ throttling: ample, sleep, random: () => 0.5, onRetry, ...options })];
  const channel = options.serviceConfig === undefined ? {} : { serviceConfig: options.serviceConfig };
  const server = await startTestServer(PingServiceDefinition, service, { clientInterceptors, channel });
  const delaysMs = () => repeats.map(({ delayMs }) => Math.round(delayMs));
  return {
    client: server.client,
    left,
    seen,
    repeats,
    delaysMs,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe("retry", () => {
  test.each(everyKind)("leaves a %s call alone that succeeds", async (_kind, makeCall) => {
    await using kit = await start([]);
    await expect(makeCall(kit.client)).resolves.toBeDefined();
    expect(kit.repeats).toEqual([]);
  });

  test("makes a call again while the server is unavailable, after longer and longer waits", async () => {
    await using kit = await start([unavailable(), unavailable(), unavailable()]);
    await expect(kit.client.ping({ text: "a" })).resolves.toMatchObject({ text: "a" });
    expect(kit.delaysMs()).toEqual([100, 200, 400]);
    expect(kit.repeats[1]).toMatchObject({ method: pingPath, attempts: 2, error: { code: Status.UNAVAILABLE } });
  });

  test.each([
    [undefined, 4],
    [2, 2],
    [5, 5],
  ])("gives up, with the last failure, after maxAttempts of %s, which is %i calls", async (maxAttempts, calls) => {
    await using kit = await start(
      Array.from({ length: 9 }, () => unavailable()),
      { maxAttempts },
    );
    await expect(kit.client.ping({})).rejects.toMatchObject({ code: Status.UNAVAILABLE, details: "not now" });
    expect(kit.seen).toHaveLength(calls);
  });

  const otherCodes = Object.values(Status).filter(
    (code): code is ErrorCode => typeof code === "number" && code !== Status.OK && code !== Status.UNAVAILABLE,
  );
  test.each(otherCodes.map((code) => [Status[code], code] as const))("does not repeat %s", async (_name, code) => {
    await using kit = await start([new StatusError(code, "no")]);
    await expect(kit.client.ping({})).rejects.toMatchObject({ code });
    expect(kit.seen).toHaveLength(1);
  });

  test.each(everyKind.slice(1))("does not repeat a %s call", async (_kind, makeCall) => {
    let calls = 0;
    const failing: ClientInterceptor = () => () => {
      calls++;
      return Promise.reject(unavailable());
    };
    const paths = Object.values(PingServiceDefinition.methods).map(({ name }) => `/ping.v1.PingService/${name}`);
    const policies = new Map(paths.map((path) => [path, keyed]));
    const clientInterceptors = [retry({ policies }), failing];
    await using server = await startTestServer(PingServiceDefinition, createPingService(), { clientInterceptors });
    await expect(makeCall(server.client)).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    expect(calls).toBe(1);
  });

  test("costs a method nothing that is not safe to repeat", () => {
    const { methods } = PingServiceDefinition;
    const once = methodOf(PingServiceDefinition, { ...methods.ping, options: {} });
    expect(retry()(once)).toBeUndefined();
    expect(retry()(methodOf(PingServiceDefinition, methods.echo))).toBeUndefined();
  });

  test("repeats a call whose connection broke", async () => {
    let attempts = 0;
    await using server = await startTestServer(PingServiceDefinition, {
      ...createPingService(),
      ping: async (request) => {
        attempts++;
        if (attempts === 1) {
          proxy.cut();
        }
        return { text: request.text, values: undefined };
      },
    });
    await using proxy = await startProxy(server.address);
    await using channel = createChannel({ address: proxy.address });
    const client = createClient(PingServiceDefinition, channel, { interceptors: [retry()] });
    await expect(client.ping({ text: "a" })).resolves.toMatchObject({ text: "a" });
    expect(attempts).toBe(2);
  });
});

describe("retry, told by the server when", () => {
  test("waits exactly that long, and then starts from the shortest wait", async () => {
    await using kit = await start([unavailable(), unavailable(1_234), unavailable()]);
    await kit.client.ping({});
    expect(kit.delaysMs()).toEqual([100, 1_234, 100]);
  });

  test("repeats a call for which something was exhausted", async () => {
    await using kit = await start([exhausted(250), exhausted(0)]);
    await kit.client.ping({});
    expect(kit.delaysMs()).toEqual([250, 0]);
  });

  test.each([
    ["says not to", unavailable(Number.POSITIVE_INFINITY), {}],
    ["says not to, out of exhaustion", exhausted(Number.POSITIVE_INFINITY), {}],
    ["does not say when, out of exhaustion", exhausted(), {}],
    ["asks for more than is granted", exhausted(10_001), {}],
    ["asks for more than is granted by an option", unavailable(11), { maxPushbackMs: 10 }],
  ])("does not repeat a call when the server %s", async (_case, failure, options) => {
    await using kit = await start([failure], options);
    await expect(kit.client.ping({})).rejects.toMatchObject({ code: failure.code });
    expect(kit.seen).toHaveLength(1);
  });
});

describe("retry and the end of a call", () => {
  test("does not wait for a repeat that could not begin before the deadline", async () => {
    const { now, sleep } = createFakeClock();
    const failing: ClientInterceptor = () => () => Promise.reject(unavailable(5_000));
    await using server = await startTestServer(PingServiceDefinition, createPingService(), {
      clientInterceptors: [retry({ now, sleep }), failing],
    });
    const end = server.client.ping({}, { deadline: deadlineIn(5_000, now) });
    await expect(end).rejects.toMatchObject({ code: Status.UNAVAILABLE });
  });

  test("ends with CANCELLED while it waits, when its caller cancels", async () => {
    const clock = createFakeClock();
    await using kit = await start([unavailable()], { sleep: clock.sleep });
    const reason = new Error("enough");
    const cancelling = new AbortController();
    const end = kit.client.ping({}, { signal: cancelling.signal });
    await clock.sleepers();
    cancelling.abort(reason);
    await expect(end).rejects.toMatchObject({ code: Status.CANCELLED, cause: reason, received: true });
    expect(kit.seen).toHaveLength(1);
  });

  test("does not repeat what an open circuit did not let through", async () => {
    let calls = 0;
    const open: ClientInterceptor = () => () => {
      calls++;
      const error = { circuit: "a", retryDelayMs: 1, domain: "example", reason: "CIRCUIT_OPEN", cause: undefined };
      return Promise.reject(new CircuitOpenError(error));
    };
    await using server = await startTestServer(PingServiceDefinition, createPingService(), {
      clientInterceptors: [retry(), open],
    });
    await expect(server.client.ping({})).rejects.toBeInstanceOf(CircuitOpenError);
    expect(calls).toBe(1);
  });

  test("does not repeat what fails in the program itself", async () => {
    const failure = new Error("a mistake");
    const failing: ClientInterceptor = () => () => Promise.reject(failure);
    await using server = await startTestServer(PingServiceDefinition, createPingService(), {
      clientInterceptors: [retry({ sleep: () => Promise.reject(new Error("waited")) }), failing],
    });
    await expect(server.client.ping({})).rejects.toBe(failure);
  });
});

describe("retry with a channel that repeats calls as well", () => {
  test("leaves it those that fail because the server is unavailable", async () => {
    await using kit = await start([unavailable(), unavailable(), unavailable()], { serviceConfig });
    await expect(kit.client.ping({})).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    expect(kit.seen).toHaveLength(2);
    expect(kit.repeats).toEqual([]);
  });

  test("still repeats those for which something was exhausted", async () => {
    await using kit = await start([exhausted(1)], { serviceConfig });
    await expect(kit.client.ping({})).resolves.toBeDefined();
  });
});

describe("retry of calls with an idempotency key", () => {
  const policies = new Map([[pingPath, keyed]]);

  test("fills in one key for all attempts, another for each call", async () => {
    await using kit = await start([unavailable()], { policies });
    await kit.client.ping({});
    await kit.client.ping({});
    const [first, again, second] = kit.seen;
    expect(first).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(again).toBe(first);
    expect(second).not.toBe(first);
  });

  test("keeps the key that the caller gave, and does not touch the caller's object", async () => {
    await using kit = await start([], { policies, createKey: () => "made" });
    const empty = { text: "" };
    await kit.client.ping({ text: "own" });
    await kit.client.ping(empty);
    expect(kit.seen).toEqual(["own", "made"]);
    expect(empty).toEqual({ text: "" });
  });

  test("makes a method safe to repeat that is not by itself", () => {
    const once = methodOf(PingServiceDefinition, { ...PingServiceDefinition.methods.ping, options: {} });
    expect(retry({ policies })(once)).toBeDefined();
  });
});

describe("retry while most calls fail", () => {
  test("repeats nothing, until enough calls succeed again", async () => {
    const failures = Array.from({ length: 5 }, () => unavailable());
    await using kit = await start(failures, { throttling: { maxTokens: 4, tokenRatio: 1 }, maxAttempts: 5 });
    await expect(kit.client.ping({})).rejects.toThrow("not now"); // 3 tokens: repeated; 2: not
    await expect(kit.client.ping({})).rejects.toThrow("not now");
    expect(kit.seen).toHaveLength(3);
    await expect(kit.client.ping({})).rejects.toThrow("not now");
    await expect(kit.client.ping({})).rejects.toThrow("not now");
    for (let success = 0; success < 4; success++) {
      await kit.client.ping({});
    }
    expect(kit.repeats).toHaveLength(1);
    kit.left.push(unavailable());
    await expect(kit.client.ping({})).resolves.toBeDefined();
    expect(kit.repeats).toHaveLength(2);
  });

  test("goes by the throttling of the channel unless it has its own", async () => {
    const throttled = { methodConfig: [], retryThrottling: { maxTokens: 2, tokenRatio: 0.1 } };
    await using kit = await start([unavailable()], { serviceConfig: throttled, throttling: undefined });
    await expect(kit.client.ping({})).rejects.toThrow("not now");
  });
});

describe("retry with options out of range", () => {
  test.each<[RetryOptions, string]>([
    [{ maxAttempts: 1 }, "maxAttempts is 1; it takes a whole number from 2 to 5"],
    [{ maxAttempts: 6 }, "maxAttempts is 6"],
    [{ maxAttempts: 2.5 }, "maxAttempts is 2.5"],
    [{ maxPushbackMs: -1 }, "maxPushbackMs is -1; it takes a number of milliseconds, 0 or more"],
    [{ maxPushbackMs: Number.POSITIVE_INFINITY }, "maxPushbackMs is Infinity"],
    [{ throttling: { maxTokens: 0, tokenRatio: 1 } }, "throttling takes numbers above 0"],
    [{ initialBackoffMs: -1 }, "initialBackoffMs is -1"],
  ])("refuses %j", (options, message) => {
    expect(() => retry(options)).toThrow(TypeError);
    expect(() => retry(options)).toThrow(message);
  });
});
