import { describe, expect, test } from "@jest/globals";
import {
  type CallOptions,
  createClient,
  deadlineIn,
  methodOf,
  type ServerInterceptor,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import {
  connectRawClient,
  createPingService,
  failCalls,
  grpcFrame,
  startProxy,
  startTestServer,
} from "@rollcall/testing";
import { PingRequest, PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyKind, silence } from "../../every-kind.fixture.js";
import { createWaitingService } from "../waiting-service.fixture.js";
import { deadline, type DeadlinePolicy } from "./deadline.js";

const { methods } = PingServiceDefinition;
const pingMethod = methodOf(PingServiceDefinition, methods.ping);
const minuteMs = 60_000;

/** The same policy for every method. */
const policiesOf = (policy: DeadlinePolicy) =>
  new Map(Object.values(methods).map((method) => [methodOf(PingServiceDefinition, method).path, policy]));

/** A server that notes what is left to each call whose handler runs. */
const start = async (policy: DeadlinePolicy, now?: () => number) => {
  const remainingMs: (number | undefined)[] = [];
  const note: ServerInterceptor = () => async (call, next) => {
    remainingMs.push(call.deadline === undefined ? undefined : call.deadline.getTime() - Date.now());
    await next();
  };
  const server = await startTestServer(PingServiceDefinition, createPingService(), {
    interceptors: [deadline({ policies: policiesOf(policy), now }), note],
  });
  return { server, remainingMs };
};

const between = (low: number, high: number) => (ms: number | undefined) => ms !== undefined && ms > low && ms <= high;

describe("deadline", () => {
  test.each(everyKind)("gives a %s call the default of its method", async (_kind, makeCall) => {
    const { server, remainingMs } = await start({ defaultDeadlineMs: 10 * minuteMs, maxDeadlineMs: 60 * minuteMs });
    await using _stop = server;
    await makeCall(server.client);
    expect(remainingMs).toEqual([expect.any(Number)]);
    expect(remainingMs.every(between(9 * minuteMs, 10 * minuteMs))).toBe(true);
  });

  test.each(everyKind)("caps the deadline of a %s call", async (_kind, makeCall) => {
    const { server, remainingMs } = await start({ maxDeadlineMs: 10 * minuteMs });
    await using _stop = server;
    await makeCall(server.client, { deadline: deadlineIn(60 * minuteMs) });
    expect(remainingMs.every(between(9 * minuteMs, 10 * minuteMs))).toBe(true);
  });

  test.each<[string, DeadlinePolicy, CallOptions, number]>([
    ["gives the maximum where there is no default", { maxDeadlineMs: minuteMs }, {}, minuteMs],
    [
      "leaves a deadline under the maximum alone",
      { defaultDeadlineMs: minuteMs, maxDeadlineMs: 60 * minuteMs },
      { deadline: deadlineIn(30 * minuteMs) },
      30 * minuteMs,
    ],
    [
      "leaves any deadline alone where there is no maximum",
      { defaultDeadlineMs: minuteMs },
      { deadline: deadlineIn(24 * 60 * minuteMs) },
      24 * 60 * minuteMs,
    ],
  ])("%s", async (_case, policy, options, expectedMs) => {
    const { server, remainingMs } = await start(policy);
    await using _stop = server;
    await server.client.ping({}, options);
    expect(remainingMs.map(between(expectedMs - minuteMs, expectedMs))).toEqual([true]);
  });

  test.each(everyKind)("refuses a %s call whose deadline is over before its handler runs", async (_kind, makeCall) => {
    const hourLater = () => Date.now() + 60 * minuteMs;
    const { server, remainingMs } = await start({ maxDeadlineMs: minuteMs }, hourLater);
    await using _stop = server;
    await expect(makeCall(server.client, { deadline: deadlineIn(30 * minuteMs) })).rejects.toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
      details: "the deadline of the call has passed",
    });
    expect(remainingMs).toEqual([]);
  });

  test.each([
    ["a handler that waits for requests", "collect", { defaultDeadlineMs: 100 }],
    ["a handler that heeds nothing", "ping", { defaultDeadlineMs: 100 }],
    ["a call that asked for more", "ping", { maxDeadlineMs: 100 }],
  ] as const)("ends %s with DEADLINE_EXCEEDED", async (_case, method, policy) => {
    const never = () => new Promise<never>(() => undefined);
    await using server = await startTestServer(
      PingServiceDefinition,
      { ...createPingService(), ping: never },
      { interceptors: [deadline({ policies: policiesOf(policy) })] },
    );
    const options = "maxDeadlineMs" in policy ? { deadline: deadlineIn(60 * minuteMs) } : {};
    const call = method === "ping" ? server.client.ping({}, options) : server.client.collect(silence(), options);
    await expect(call).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
  });

  describe.each(everyKind)("around a %s call that waits", (_kind, makeCall) => {
    const startWaiting = async (policy: DeadlinePolicy) => {
      const { service, began, ended } = createWaitingService();
      const interceptors = [deadline({ policies: policiesOf(policy) })];
      return { server: await startTestServer(PingServiceDefinition, service, { interceptors }), began, ended };
    };

    test("ends it at its deadline, and tells the handler", async () => {
      const { server, ended } = await startWaiting({ defaultDeadlineMs: 100 });
      await using _stop = server;
      await expect(makeCall(server.client)).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
      await expect(ended).resolves.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    });

    test("tells the handler that the client cancelled", async () => {
      const { server, began, ended } = await startWaiting({ defaultDeadlineMs: minuteMs });
      await using _stop = server;
      const cancelling = new AbortController();
      const call = makeCall(server.client, { signal: cancelling.signal });
      call.catch(() => undefined);
      await began;
      cancelling.abort();
      await expect(call).rejects.toMatchObject({ code: Status.CANCELLED });
      await expect(ended).resolves.toMatchObject({ code: Status.CANCELLED });
    });

    test("tells the handler that the connection broke", async () => {
      const { server, began, ended } = await startWaiting({ defaultDeadlineMs: minuteMs });
      await using _stop = server;
      await using proxy = await startProxy(server.address);
      await using channel = createChannel({ address: proxy.address });
      const call = makeCall(createClient(PingServiceDefinition, channel));
      call.catch(() => undefined);
      await began;
      proxy.cut();
      await expect(call).rejects.toMatchObject({ code: Status.UNAVAILABLE });
      await expect(ended).resolves.toMatchObject({ code: Status.CANCELLED });
    });
  });

  test("leaves the status of a handler that fails alone", async () => {
    const fail = failCalls(new StatusError(Status.NOT_FOUND, "no such text"));
    const interceptors = [deadline({ policies: policiesOf({ defaultDeadlineMs: minuteMs }) }), fail];
    await using server = await startTestServer(PingServiceDefinition, createPingService(), { interceptors });
    await expect(server.client.ping({})).rejects.toMatchObject({ code: Status.NOT_FOUND });
  });

  test("has no layer for methods whose policy has neither bound, or that have no policy", () => {
    expect(deadline({ policies: policiesOf({}) })(pingMethod)).toBeUndefined();
    expect(deadline({ policies: new Map() })(pingMethod)).toBeUndefined();
  });

  test.each([
    [{ defaultDeadlineMs: 0 }, "defaultDeadlineMs of /ping.v1.PingService/Ping is 0;"],
    [{ defaultDeadlineMs: Number.NaN }, "defaultDeadlineMs of /ping.v1.PingService/Ping is NaN;"],
    [{ maxDeadlineMs: -1 }, "maxDeadlineMs of /ping.v1.PingService/Ping is -1;"],
    [{ maxDeadlineMs: Infinity }, "maxDeadlineMs of /ping.v1.PingService/Ping is Infinity;"],
    [{ defaultDeadlineMs: 2, maxDeadlineMs: 1 }, "is 2, above its maxDeadlineMs of 1"],
  ])("refuses the policy %p", (policy, sentence) => {
    expect(() => deadline({ policies: policiesOf(policy) })(pingMethod)).toThrow(TypeError);
    expect(() => deadline({ policies: policiesOf(policy) })(pingMethod)).toThrow(sentence);
  });
});

describe("deadline, on timeouts as they stand on the wire", () => {
  const body = [grpcFrame(PingRequest.encode({ text: "a", values: undefined }).finish())];
  const call = async (timeout: string) => {
    const { server, remainingMs } = await start({ maxDeadlineMs: minuteMs });
    await using _stop = server;
    await using raw = await connectRawClient(server.address);
    const { grpcStatus } = await raw.call(pingMethod.path, { body, headers: { "grpc-timeout": timeout } });
    return { grpcStatus, remainingMs };
  };

  test.each(["abc", "", "NaN", "S", "1", "-S"])("%p is INTERNAL, and no handler runs", async (timeout) => {
    expect(await call(timeout)).toEqual({ grpcStatus: Status.INTERNAL, remainingMs: [] });
  });

  test.each(["0n", "0H", "1n"])("%s is DEADLINE_EXCEEDED, and no handler runs", async (timeout) => {
    expect(await call(timeout)).toEqual({ grpcStatus: Status.DEADLINE_EXCEEDED, remainingMs: [] });
  });

  test.each(["99999999H", "99999999S", "61S"])("%s is capped", async (timeout) => {
    const { grpcStatus, remainingMs } = await call(timeout);
    expect(grpcStatus).toBe(Status.OK);
    expect(remainingMs.map(between(0, minuteMs))).toEqual([true]);
  });

  test.each(["123456789S", "999999999m", "-1S", "99999999M"])(
    "%s lets no handler run beyond the cap",
    async (timeout) => {
      const { remainingMs } = await call(timeout);
      expect(remainingMs.every(between(0, minuteMs))).toBe(true);
    },
  );
});
