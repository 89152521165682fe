import { describe, expect, test } from "@jest/globals";
import { methodOf, type ServerCall, type ServerInterceptor, Status } from "@rollcall/rpc";
import { createPingService, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyKind, silence } from "../../every-kind.fixture.js";
import { defaultDeadline, type DefaultDeadlineOptions } from "./default-deadline.js";

const start = async (options: DefaultDeadlineOptions) => {
  const deadlines: ServerCall["deadline"][] = [];
  const noteDeadline: ServerInterceptor = () => async (call, next) => {
    deadlines.push(call.deadline);
    await next();
  };
  const server = await startTestServer(PingServiceDefinition, createPingService(), {
    interceptors: [noteDeadline],
    clientInterceptors: [defaultDeadline(options)],
  });
  return { server, deadlines };
};

describe("defaultDeadline", () => {
  test.each(everyKind)("gives a %s call a deadline, which reaches the server", async (_kind, makeCall) => {
    const { server, deadlines } = await start({ timeoutMs: 60_000 });
    await using _stop = server;
    const earliestMs = Date.now();
    await makeCall(server.client);
    expect(deadlines[0]?.getTime()).toBeGreaterThan(earliestMs + 55_000);
    expect(deadlines[0]?.getTime()).toBeLessThan(Date.now() + 65_000);
  });

  test.each(everyKind)("keeps the deadline that a %s call has", async (_kind, makeCall) => {
    const { server, deadlines } = await start({ timeoutMs: 3_600_000 });
    await using _stop = server;
    await makeCall(server.client, { deadline: new Date(Date.now() + 30_000) });
    expect(deadlines[0]?.getTime()).toBeLessThan(Date.now() + 31_000);
  });

  test.each([
    ["a call that waits for its stream", 0],
    ["a call made later on the same client", 1],
  ])("ends %s with DEADLINE_EXCEEDED", async (_case, callsBefore) => {
    const { server } = await start({ timeoutMs: 100 });
    await using _stop = server;
    await server.channel.connect();
    for (let call = 0; call < callsBefore; call++) {
      await server.client.ping({});
    }
    await expect(server.client.collect(silence())).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
  });

  test("asks the function for each method, and leaves out those it has no time for", async () => {
    const timeoutMs: DefaultDeadlineOptions["timeoutMs"] = ({ kind }) => (kind === "unary" ? 60_000 : undefined);
    const { server, deadlines } = await start({ timeoutMs });
    await using _stop = server;
    await server.client.ping({});
    await server.client.collect([]);
    expect(deadlines).toEqual([expect.any(Date), undefined]);
  });

  test("counts from the time of its clock", async () => {
    const { server } = await start({ timeoutMs: 1_000, now: () => 0 });
    await using _stop = server;
    await expect(server.client.ping({})).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses %s ms", (timeoutMs) => {
    const method = methodOf(PingServiceDefinition, PingServiceDefinition.methods.ping);
    expect(() => defaultDeadline({ timeoutMs })(method)).toThrow(
      `is ${String(timeoutMs)}; it takes a number of milliseconds above 0`,
    );
  });
});
