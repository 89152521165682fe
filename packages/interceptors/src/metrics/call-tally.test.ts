import { describe, expect, test } from "@jest/globals";
import { type Call, CallValues, Metadata, methodOf, Status } from "@rollcall/rpc";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { CallTally } from "./call-tally.js";

const { ping, count } = PingServiceDefinition.methods;

const createTally = (definition: typeof ping | typeof count) => {
  const method = methodOf(PingServiceDefinition, definition);
  return { method, tally: new CallTally(method, { latencyBucketsS: [1], exemplarTime: undefined }) };
};

const callWith = (method: Call["method"], responses: number) => ({
  method,
  metadata: new Metadata(),
  deadline: undefined,
  signal: new AbortController().signal,
  values: new CallValues(),
  traffic: { requests: 1, requestBytes: 0, responses, responseBytes: 0 },
});

describe("CallTally", () => {
  test("counts responses that a stream encodes after its end", () => {
    const { method, tally } = createTally(count);
    const call = callWith(method, 3);
    tally.started(call);
    tally.ended(call, Status.OK, 0);
    call.traffic.responses = 20;
    expect(tally.responses).toBe(20);
  });

  test("counts the messages of streams once, however many have ended", () => {
    const { method, tally } = createTally(count);
    for (let ended = 1; ended <= 1_000; ended++) {
      const call = callWith(method, 20);
      tally.started(call);
      tally.ended(call, Status.OK, 0);
      expect([tally.requests, tally.responses]).toEqual([ended, 20 * ended]);
    }
  });

  test.each([
    [Status.OK, 1],
    [Status.INTERNAL, 0],
  ])("counts the response of a unary call that ends with %i before it is encoded", (status, responses) => {
    const { method, tally } = createTally(ping);
    const call = callWith(method, 0);
    tally.started(call);
    tally.ended(call, status, 0);
    expect([tally.requests, tally.responses]).toEqual([1, responses]);
  });

  test("forgets what a running stream has exchanged before it is reset, and nothing after", () => {
    const { method, tally } = createTally(count);
    const call = callWith(method, 3);
    tally.started(call);
    tally.reset();
    expect(tally.responses).toBe(0);
    call.traffic.responses = 5;
    tally.ended(call, Status.OK, 0);
    expect([tally.responses, tally.endedWith(Status.OK)]).toEqual([2, 1]);
  });
});
