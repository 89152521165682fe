import { describe, expect, jest, test } from "@jest/globals";
import { type Method, methodOf, type ServiceImplementation, Status, StatusError } from "@rollcall/rpc";
import { createPingService, failCalls, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyEnding } from "../../every-ending.fixture.js";
import { everyKind } from "../../every-kind.fixture.js";
import { until } from "../../until.fixture.js";
import { createWaitingService } from "../waiting-service.fixture.js";
import { createLoadLimit, type LoadLimit, loadShedding, type LoadSheddingOptions } from "./load-shedding.js";

type PingService = ServiceImplementation<typeof PingServiceDefinition>;

const pingMethod = methodOf(PingServiceDefinition, PingServiceDefinition.methods.ping);

const start = (service: PingService, options: Partial<LoadSheddingOptions> = {}) =>
  startTestServer(PingServiceDefinition, service, { interceptors: [loadShedding({ domain: "example", ...options })] });

/** A limit that is reached, and what it hears of the calls. */
const createStubLimit = (isReached: boolean) => {
  const begin = jest.fn(() => (isReached ? undefined : 7));
  const end = jest.fn<(begun: number, telling: boolean) => void>();
  const limit: LoadLimit = { limit: 0, inFlight: 0, loadOf: () => ({ begin, end }) };
  return { limit, begin, end };
};

describe("loadShedding", () => {
  test.each(everyKind)("refuses a %s call when the limit is reached", async (_kind, makeCall) => {
    const { limit, end } = createStubLimit(true);
    const { service, began } = createWaitingService();
    const reached = jest.fn();
    void began.then(reached);
    await using server = await start(service, { limit, retryDelayMs: 2_000, random: () => 0.25 });
    await expect(makeCall(server.client)).rejects.toMatchObject({
      code: Status.UNAVAILABLE,
      details: "the server has more calls than it can answer; try again",
      retryDelayMs: 1_500,
      errorDetails: {
        errorInfo: { reason: "OVERLOADED", domain: "example", metadata: {} },
        retryInfo: { retryDelay: { seconds: 1n, nanos: 500_000_000 } },
      },
    });
    expect(reached).not.toHaveBeenCalled();
    expect(end).not.toHaveBeenCalled();
  });

  test.each([
    [0, 500],
    [0.999_999, 1_500],
  ])("asks clients to wait at random, so that they do not all come back at once: %d", async (number, retryDelayMs) => {
    await using server = await start(createPingService(), { limit: createStubLimit(true).limit, random: () => number });
    await expect(server.client.ping({})).rejects.toMatchObject({ retryDelayMs });
  });

  test("gives the reason that it is told to", async () => {
    await using server = await start(createPingService(), { limit: createStubLimit(true).limit, reason: "BUSY" });
    await expect(server.client.ping({})).rejects.toMatchObject({ reason: "BUSY" });
  });

  test.each(everyKind)("lets a %s call through otherwise", async (_kind, makeCall) => {
    await using server = await start(createPingService(), { limit: createStubLimit(false).limit });
    await expect(makeCall(server.client)).resolves.toBeDefined();
  });

  describe.each(everyEnding)("makes room when a call %s", (_case, { onServer, bringToEnd }) => {
    const isTelling = onServer === Status.OK || onServer === Status.DEADLINE_EXCEEDED;

    test.each(everyKind)(
      `and learns ${isTelling ? "from" : "nothing from"} its latency: %s`,
      async (_kind, makeCall) => {
        const { limit, end } = createStubLimit(false);
        await bringToEnd(makeCall, { interceptors: [loadShedding({ domain: "example", limit })] });
        expect(end.mock.calls).toEqual([[7, isTelling]]);
      },
    );
  });

  test("leaves the status of a call that fails alone", async () => {
    const fail = failCalls(new StatusError(Status.NOT_FOUND, "no such text"));
    const interceptors = [loadShedding({ domain: "example" }), fail];
    await using server = await startTestServer(PingServiceDefinition, createPingService(), { interceptors });
    await expect(server.client.ping({})).rejects.toMatchObject({ code: Status.NOT_FOUND });
  });

  test("holds a real limit: so many at a time, and the next one as soon as one has ended", async () => {
    const limit = createLoadLimit({ minLimit: 3, initialLimit: 3, maxLimit: 3 });
    const release: (() => void)[] = [];
    const service: PingService = {
      ...createPingService(),
      ping: async ({ text, values }) => {
        await new Promise<void>((resolve) => release.push(resolve));
        return { text, values };
      },
    };
    await using server = await start(service, { limit });
    const calls = Array.from({ length: 5 }, () => server.client.ping({}));
    const refused = await Promise.allSettled(calls.slice(3));
    expect(refused).toMatchObject(refused.map(() => ({ reason: { code: Status.UNAVAILABLE } })));
    expect(limit.inFlight).toBe(3);
    release.forEach((answer) => {
      answer();
    });
    await Promise.all(calls.slice(0, 3));
    const next = server.client.ping({});
    await until(() => release.length === 4);
    release[3]?.();
    await expect(next).resolves.toBeDefined();
  });

  test.each([
    ["health checks", { ...pingMethod, service: "grpc.health.v1.Health" }],
    ["reflection", { ...pingMethod, service: "grpc.reflection.v1alpha.ServerReflection" }],
  ])("has no layer for %s", (_case, method: Method) => {
    expect(loadShedding({ domain: "example" })(method)).toBeUndefined();
    expect(loadShedding({ domain: "example", exempt: () => false })(method)).toBeUndefined();
  });

  test("has no layer for the methods that are exempt", () => {
    const exempt = ({ name }: Method) => name === "Ping";
    expect(loadShedding({ domain: "example", exempt })(pingMethod)).toBeUndefined();
    expect(loadShedding({ domain: "example", exempt })({ ...pingMethod, name: "Pong" })).toBeDefined();
  });

  test.each([0, -1, Number.NaN, Infinity])("refuses to ask clients to wait for %d ms", (retryDelayMs) => {
    expect(() => loadShedding({ domain: "example", retryDelayMs })).toThrow(
      new TypeError(`retryDelayMs is ${retryDelayMs}; it takes a number of milliseconds above 0`),
    );
  });
});
