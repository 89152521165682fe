import { once } from "node:events";
import { describe, expect, test } from "@jest/globals";
import {
  type CallOptions,
  methodOf,
  type ServerCall,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createPingService, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { createWaitingService } from "../waiting-service.fixture.js";
import { deadline } from "./deadline.js";

type PingService = ServiceImplementation<typeof PingServiceDefinition>;

const pingPath = methodOf(PingServiceDefinition, PingServiceDefinition.methods.ping).path;
const minuteMs = 60_000;

/** A server that hands each call on to `service`, which runs on a server behind it. */
const startInFront = async (
  service: PingService,
  maxDeadlineMs: number,
  forCall: (call: ServerCall) => CallOptions,
) => {
  const behind = await startTestServer(PingServiceDefinition, service);
  const handedOn: ReturnType<typeof behind.client.ping>[] = [];
  const ping: PingService["ping"] = (request, call) => {
    const answer = behind.client.ping(request, forCall(call));
    handedOn.push(answer);
    return answer;
  };
  const policies = new Map([[pingPath, { maxDeadlineMs }]]);
  const front = await startTestServer(
    PingServiceDefinition,
    { ...createPingService(), ping },
    { interceptors: [deadline({ policies })] },
  );
  return {
    client: front.client,
    handedOn,
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]();
      await behind[Symbol.asyncDispose]();
    },
  };
};

/** A service that notes what is left of each call. */
const createNotingService = () => {
  const remainingMs: (number | undefined)[] = [];
  const ping: PingService["ping"] = ({ text, values }, call) => {
    remainingMs.push(call.deadline === undefined ? undefined : call.deadline.getTime() - Date.now());
    return Promise.resolve({ text, values });
  };
  return { service: { ...createPingService(), ping }, remainingMs };
};

describe("a call that a handler makes for the call it answers", () => {
  test("inherits what is left of a deadline that was given, not asked for", async () => {
    const { service, remainingMs } = createNotingService();
    await using server = await startInFront(service, 10 * minuteMs, (parent) => ({ parent }));
    await server.client.ping({});
    expect(remainingMs).toEqual([expect.any(Number)]);
    expect(remainingMs[0]).toBeGreaterThan(9 * minuteMs);
    expect(remainingMs[0]).toBeLessThanOrEqual(10 * minuteMs);
  });

  test("has no deadline where it need not end with its parent", async () => {
    const { service, remainingMs } = createNotingService();
    await using server = await startInFront(service, minuteMs, (parent) => ({ parent, endWithParent: false }));
    await server.client.ping({});
    expect(remainingMs).toEqual([undefined]);
  });

  test("ends with DEADLINE_EXCEEDED at the capped deadline of its parent", async () => {
    const { service, ended } = createWaitingService();
    await using server = await startInFront(service, 100, (parent) => ({ parent }));
    await expect(server.client.ping({})).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    await expect(ended).resolves.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
  });

  test.each([
    ["a moment before", 10, Status.DEADLINE_EXCEEDED],
    ["long before", minuteMs / 2, Status.INTERNAL],
  ])(
    "tells of a deadline that passes %s the parent's own, which ends with the right status",
    async (_case, earlyMs, code) => {
      let skippedMs = 0;
      const service: PingService = {
        ...createPingService(),
        ping(_request, { deadline: ownDeadline }) {
          skippedMs = (ownDeadline?.getTime() ?? Number.NaN) - Date.now() - earlyMs;
          return Promise.reject(
            new StatusError(Status.DEADLINE_EXCEEDED, "told by another server", { received: true }),
          );
        },
      };
      const policies = new Map([[pingPath, { defaultDeadlineMs: minuteMs }]]);
      await using server = await startTestServer(PingServiceDefinition, service, {
        interceptors: [deadline({ policies, now: () => Date.now() + skippedMs })],
        onUnexpectedError: () => undefined,
      });
      await expect(server.client.ping({})).rejects.toMatchObject({
        code,
        details: expect.not.stringContaining("told"),
      });
    },
  );

  test("is cancelled within 100 ms of its parent", async () => {
    const delaysMs: number[] = [];
    // The fastest of several: a busy machine may hold up any single one.
    for (let attempt = 0; attempt < 5; attempt++) {
      const { service, began, ended } = createWaitingService();
      await using server = await startInFront(service, minuteMs, (parent) => ({ parent }));
      const cancelling = new AbortController();
      const call = server.client.ping({}, { signal: cancelling.signal }).catch(() => undefined);
      await began;
      const cancelledAtMs = performance.now();
      cancelling.abort();
      await expect(ended).resolves.toMatchObject({ code: Status.CANCELLED });
      delaysMs.push(performance.now() - cancelledAtMs);
      await call;
    }
    expect(Math.min(...delaysMs)).toBeLessThan(100);
  });

  test("goes on after its parent where it need not end with it", async () => {
    const released = new AbortController();
    const cancelling = new AbortController();
    const parentEnded: Promise<unknown>[] = [];
    const service: PingService = {
      ...createPingService(),
      async ping({ text, values }) {
        cancelling.abort();
        await once(released.signal, "abort");
        return { text, values };
      },
    };
    await using server = await startInFront(service, minuteMs, (parent) => {
      parentEnded.push(once(parent.signal, "abort"));
      return { parent, endWithParent: false };
    });
    await expect(server.client.ping({ text: "a" }, { signal: cancelling.signal })).rejects.toMatchObject({
      code: Status.CANCELLED,
    });
    await Promise.all(parentEnded);
    released.abort();
    await expect(Promise.all(server.handedOn)).resolves.toEqual([{ text: "a", values: undefined }]);
  });
});
