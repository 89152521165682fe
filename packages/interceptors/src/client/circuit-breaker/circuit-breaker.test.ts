import { describe, expect, test } from "@jest/globals";
import {
  type ClientInterceptor,
  createClient,
  deadlineIn,
  type ErrorCode,
  type ServerInterceptor,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createFakeClock, createPingService, startProxy, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { all, everyKind, silence } from "../../every-kind.fixture.js";
import { type CircuitChange, circuitBreaker, type CircuitBreakerOptions } from "./circuit-breaker.js";
import { CircuitOpenError } from "./circuit-open-error.js";

type PingService = ServiceImplementation<PingServiceDefinition>;

/** A server that fails as long as it is told to, and a client with a circuit that three failures open. */
async function start(options: Partial<CircuitBreakerOptions> = {}, service: PingService = createPingService()) {
  const clock = createFakeClock();
  const changes: CircuitChange[] = [];
  const server: { failure: StatusError | undefined; calls: number } = { failure: undefined, calls: 0 };
  const failOnDemand: ServerInterceptor = () => async (_call, next) => {
    server.calls++;
    if (server.failure !== undefined) {
      throw server.failure;
    }
    await next();
  };
  const breaker = circuitBreaker({
    domain: "example",
    minCalls: 3,
    now: clock.now,
    random: () => 0.5,
    onStateChange: (change) => changes.push(change),
    ...options,
  });
  const running = await startTestServer(PingServiceDefinition, service, {
    interceptors: [failOnDemand],
    clientInterceptors: [breaker],
  });
  const { client, address } = running;
  const fail = async (failure: StatusError, times = 3) => {
    server.failure = failure;
    for (let call = 0; call < times; call++) {
      await expect(client.ping({})).rejects.toMatchObject({ code: failure.code });
    }
    server.failure = undefined;
  };
  return { client, address, server, clock, changes, fail, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

const unavailable = new StatusError(Status.UNAVAILABLE, "down");
const open = (retryDelayMs: number) => ({
  code: Status.UNAVAILABLE,
  details: `too many calls of ping.v1.PingService failed; the next is made in ${String(retryDelayMs)} ms`,
  errorDetails: {
    errorInfo: { reason: "CIRCUIT_OPEN", domain: "example", metadata: { circuit: "ping.v1.PingService" } },
  },
  retryDelayMs,
  received: true,
});

describe("circuitBreaker", () => {
  test.each(everyKind)("leaves %s calls alone while they succeed", async (_kind, makeCall) => {
    await using kit = await start();
    for (let call = 0; call < 5; call++) {
      await expect(makeCall(kit.client)).resolves.toBeDefined();
    }
    expect(kit.changes).toEqual([]);
  });

  test.each(everyKind)("makes no %s call once too many have failed", async (_kind, makeCall) => {
    await using kit = await start();
    await kit.fail(unavailable);
    const end = makeCall(kit.client);
    await expect(end).rejects.toBeInstanceOf(CircuitOpenError);
    await expect(end).rejects.toMatchObject({ ...open(1_000), cause: { code: Status.UNAVAILABLE, details: "down" } });
    expect(kit.server.calls).toBe(3);
    expect(kit.changes).toMatchObject([
      { circuit: "ping.v1.PingService", state: "open", cause: { code: Status.UNAVAILABLE } },
    ]);
  });

  test.each(everyKind)(
    "lets one %s call through after a while, and all when that succeeds",
    async (_kind, makeCall) => {
      await using kit = await start();
      await kit.fail(unavailable);
      await kit.clock.advance(999);
      await expect(makeCall(kit.client)).rejects.toMatchObject(open(1));
      await kit.clock.advance(1);
      await expect(makeCall(kit.client)).resolves.toBeDefined();
      await expect(makeCall(kit.client)).resolves.toBeDefined();
      expect(kit.changes.map(({ state }) => state)).toEqual(["open", "halfOpen", "closed"]);
    },
  );

  test.each(everyKind)("waits longer when the one %s call fails", async (_kind, makeCall) => {
    await using kit = await start();
    await kit.fail(unavailable);
    await kit.clock.advance(1_000);
    kit.server.failure = unavailable;
    await expect(makeCall(kit.client)).rejects.toMatchObject({ details: "down" });
    await expect(makeCall(kit.client)).rejects.toMatchObject(open(2_000));
  });

  const unwell: ErrorCode[] = [
    Status.UNAVAILABLE,
    Status.DEADLINE_EXCEEDED,
    Status.INTERNAL,
    Status.UNKNOWN,
    Status.DATA_LOSS,
  ];
  const codes = Object.values(Status).filter(
    (code): code is ErrorCode => typeof code === "number" && code !== Status.OK,
  );
  test.each(codes.map((code) => [Status[code], code, unwell.includes(code) ? 1 : 0] as const))(
    "answers %s, which is code %i, with %i change of state",
    async (_name, code, changes) => {
      await using kit = await start();
      await kit.fail(new StatusError(code, "no"));
      expect(kit.changes).toHaveLength(changes);
    },
  );

  test("goes by the codes that it is given", async () => {
    await using kit = await start({ failureCodes: [Status.RESOURCE_EXHAUSTED] });
    await kit.fail(unavailable);
    expect(kit.changes).toEqual([]);
    await kit.fail(new StatusError(Status.RESOURCE_EXHAUSTED, "no"));
    expect(kit.changes).toHaveLength(1);
  });

  test("counts each method by itself when it is told to", async () => {
    await using kit = await start({ scope: "method", reason: "PING_DOWN" });
    await kit.fail(unavailable);
    await expect(kit.client.ping({})).rejects.toMatchObject({
      reason: "PING_DOWN",
      errorDetails: { errorInfo: { metadata: { circuit: "/ping.v1.PingService/Ping" } } },
    });
    await expect(kit.client.collect([])).resolves.toBeDefined();
  });

  test("is shared by all clients that it is given to", async () => {
    const breaker = circuitBreaker({ domain: "example", minCalls: 1 });
    await using channel = createChannel({ address: "127.0.0.1:1" });
    const [first, second] = [1, 2].map(() => createClient(PingServiceDefinition, channel, { interceptors: [breaker] }));
    await expect(first?.ping({})).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await expect(second?.ping({})).rejects.toBeInstanceOf(CircuitOpenError);
  });
});

describe("circuitBreaker and calls that end early", () => {
  test("does not count calls that their caller cancelled", async () => {
    await using kit = await start({ minCalls: 1 });
    const cancelling = new AbortController();
    const end = kit.client.collect(silence(), { signal: cancelling.signal });
    cancelling.abort();
    await expect(end).rejects.toMatchObject({ code: Status.CANCELLED });
    expect(kit.changes).toEqual([]);
  });

  test("learns nothing from the one call that is let through, when its caller cancels it", async () => {
    await using kit = await start();
    await kit.fail(unavailable);
    await kit.clock.advance(1_000);
    const cancelled = kit.client.collect(silence(), { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: Status.CANCELLED });
    expect(kit.changes.map(({ state }) => state)).toEqual(["open", "halfOpen"]);
    await expect(kit.client.ping({})).resolves.toBeDefined();
    expect(kit.changes).toHaveLength(3);
  });

  test("does not count what an interceptor further in ends", async () => {
    const changes: CircuitChange[] = [];
    const breaker = circuitBreaker({ domain: "example", minCalls: 1, onStateChange: (change) => changes.push(change) });
    const refuse: ClientInterceptor = () => () => Promise.reject(new StatusError(Status.UNAVAILABLE, "no token"));
    await using server = await startTestServer(PingServiceDefinition, createPingService(), {
      clientInterceptors: [breaker, refuse],
    });
    await expect(server.client.ping({})).rejects.toThrow("no token");
    expect(changes).toEqual([]);
  });

  test("counts calls that the server does not answer in time", async () => {
    await using kit = await start({ minCalls: 1 });
    const end = kit.client.collect(silence(), { deadline: deadlineIn(50) });
    await expect(end).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    expect(kit.changes).toHaveLength(1);
  });

  test("does not count streams that break off after the server took them up", async () => {
    const stream: PingService["count"] = async function* () {
      yield await Promise.resolve({ number: 1, padding: new Uint8Array() });
      throw unavailable;
    };
    await using kit = await start({ minCalls: 1 }, { ...createPingService(), count: stream });
    await expect(all(kit.client.count({}))).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    expect(kit.changes).toEqual([]);
  });

  test("counts calls whose connection breaks", async () => {
    await using kit = await start();
    await using proxy = await startProxy(kit.address);
    await using channel = createChannel({ address: proxy.address });
    const changes: CircuitChange[] = [];
    const breaker = circuitBreaker({ domain: "example", minCalls: 1, onStateChange: (change) => changes.push(change) });
    const client = createClient(PingServiceDefinition, channel, { interceptors: [breaker] });
    await client.ping({});
    const end = client.collect(silence());
    const ended = expect(end).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await client.ping({});
    proxy.cut();
    await ended;
    expect(changes).toEqual([]); // one failure among three calls
    await using lost = createChannel({ address: "127.0.0.1:1" });
    const other = createClient(PingServiceDefinition, lost, { interceptors: [breaker] });
    await expect(Promise.allSettled([1, 2, 3].map(() => other.ping({})))).resolves.toHaveLength(3);
    expect(changes).toHaveLength(1);
  });

  test("takes the first message of a stream that stays open for a sign of health", async () => {
    await using kit = await start();
    await kit.fail(unavailable);
    await kit.clock.advance(1_000);
    const cancelling = new AbortController();
    const requests = async function* () {
      yield { text: "first" };
      yield* silence();
    };
    const responses = kit.client.echo(requests(), { signal: cancelling.signal });
    await responses.next();
    expect(kit.changes.map(({ state }) => state)).toEqual(["open", "halfOpen", "closed"]);
    await responses.return();
    expect(kit.changes).toHaveLength(3);
  });

  test("does not count what fails in the program itself", async () => {
    await using kit = await start({ minCalls: 1 });
    const failing = async function* () {
      yield* [];
      await Promise.reject(new Error("the file is gone"));
    };
    await expect(kit.client.collect(failing())).rejects.toThrow("the file is gone");
    expect(kit.changes).toEqual([]);
  });
});

describe("circuitBreaker with options out of range", () => {
  test.each<[Partial<CircuitBreakerOptions>, string]>([
    [{ failureRatio: 0 }, "failureRatio is 0; it takes a number above 0 and up to 1"],
    [{ failureRatio: 1.1 }, "failureRatio is 1.1"],
    [{ minCalls: 0 }, "minCalls is 0; it takes a whole number above 0"],
    [{ minCalls: 1.5 }, "minCalls is 1.5"],
    [{ windowMs: 0 }, "windowMs is 0; it takes a number of milliseconds above 0"],
    [{ openMs: Number.NaN }, "openMs is NaN"],
    [{ maxOpenMs: Number.POSITIVE_INFINITY }, "maxOpenMs is Infinity"],
    [{ openMs: 2_000, maxOpenMs: 1_000 }, "maxOpenMs is 1000; it takes at least the 2000 of openMs"],
  ])("refuses %j", (options, message) => {
    expect(() => circuitBreaker({ domain: "example", ...options })).toThrow(message);
  });
});
