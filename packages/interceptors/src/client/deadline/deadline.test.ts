import { describe, expect, test } from "@jest/globals";
import { methodOf, policiesByPath, type ServerCall, type ServerInterceptor, Status } from "@rollcall/rpc";
import { createPingService, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { all, everyKind, type MakeCall, silence } from "../../every-kind.fixture.js";
import { deadline, type DeadlineOptions } from "./deadline.js";

const ping = methodOf(PingServiceDefinition, PingServiceDefinition.methods.ping);
const calls = {
  ping: (client, options) => client.ping({}, options),
  count: (client, options) => all(client.count({}, options)),
  collect: (client, options) => client.collect([], options),
  echo: (client, options) => all(client.echo([], options)),
} satisfies Record<string, MakeCall>;

const start = async (options: DeadlineOptions) => {
  const deadlines: ServerCall["deadline"][] = [];
  const noteDeadline: ServerInterceptor = () => async (call, next) => {
    deadlines.push(call.deadline);
    await next();
  };
  const server = await startTestServer(PingServiceDefinition, createPingService(), {
    interceptors: [noteDeadline],
    clientInterceptors: [deadline(options)],
  });
  return { server, deadlines };
};

describe("deadline", () => {
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
    const timeoutMs: DeadlineOptions["timeoutMs"] = ({ kind }) => (kind === "unary" ? 60_000 : undefined);
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
    expect(() => deadline({ timeoutMs })(ping)).toThrow(
      `timeoutMs of /ping.v1.PingService/Ping is ${String(timeoutMs)}; it takes a number of milliseconds above 0`,
    );
  });

  test("refuses to go by nothing", () => {
    expect(() => deadline({})).toThrow("deadline needs timeoutMs or policies, to know how long calls may take");
  });
});

describe("deadline by policies", () => {
  const open = { access: { kind: "public" }, audit: false } as const;
  const policies = policiesByPath(PingServiceDefinition, {
    ping: { ...open, defaultDeadlineMs: 60_000, maxDeadlineMs: 600_000 },
    count: { ...open, maxDeadlineMs: 600_000 },
    collect: { ...open, defaultDeadlineMs: 60_000 },
    echo: open,
  });
  const hourMs = 3_600_000;

  test.each([
    ["ping", undefined, 60_000],
    ["ping", 300_000, 300_000],
    ["ping", hourMs, 600_000],
    ["count", undefined, undefined],
    ["count", hourMs, 600_000],
    ["collect", undefined, 60_000],
    ["collect", hourMs, hourMs],
    ["echo", undefined, undefined],
    ["echo", hourMs, hourMs],
  ] as const)("gives a call of %s that asks for %s ms %s ms", async (name, askedMs, givenMs) => {
    const { server, deadlines } = await start({ policies, timeoutMs: 1_000 });
    await using _stop = server;
    const call = calls[name];
    const nowMs = Date.now();
    await call(server.client, askedMs === undefined ? {} : { deadline: new Date(nowMs + askedMs) });
    const givenSeconds = deadlines.map((at) => at && Math.round((at.getTime() - nowMs) / 10_000) * 10_000);
    expect(givenSeconds).toEqual([givenMs]);
  });

  test("gives methods that they do not name the time of the others", async () => {
    const { server, deadlines } = await start({ policies: new Map(), timeoutMs: 60_000 });
    await using _stop = server;
    await server.client.ping({});
    expect(deadlines).toEqual([expect.any(Date)]);
  });

  test("costs a method nothing that they leave alone", () => {
    expect(deadline({ policies })(methodOf(PingServiceDefinition, PingServiceDefinition.methods.echo))).toBeUndefined();
  });

  test("refuses a policy with a time that is none", () => {
    const broken = new Map([[ping.path, { ...open, maxDeadlineMs: 0 }]]);
    expect(() => deadline({ policies: broken })(ping)).toThrow("maxDeadlineMs of /ping.v1.PingService/Ping is 0");
  });
});
