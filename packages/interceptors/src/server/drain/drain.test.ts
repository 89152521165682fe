import { describe, expect, test } from "@jest/globals";
import { type ServiceImplementation, Status } from "@rollcall/rpc";
import { createPingService, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { all, everyKind, type PingClient, silence } from "../../every-kind.fixture.js";
import { drain } from "./drain.js";

type PingService = ServiceImplementation<PingServiceDefinition>;

const goingAway = {
  code: Status.UNAVAILABLE,
  details: "the server is going away; connect again",
  errorDetails: {
    errorInfo: { reason: "SHUTTING_DOWN", domain: "example" },
    retryInfo: { retryDelay: { seconds: 2n, nanos: 500_000_000 } },
  },
};

/** A service that does not answer until it is told to, and does not heed signals. It tells how many calls are open. */
function createStubbornService() {
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const arrivals: (() => void)[] = [];
  const begin = async () => {
    arrivals.shift()?.();
    await finished;
  };
  const service: PingService = {
    ping: async () => {
      await begin();
      return { text: "done" };
    },
    count: async function* () {
      await begin();
      yield { number: 1, padding: new Uint8Array() };
    },
    collect: async () => {
      await begin();
      return { texts: ["done"] };
    },
    echo: async function* () {
      await begin();
      yield { text: "done" };
    },
  };
  const arrival = () => new Promise<void>((resolve) => arrivals.push(resolve));
  return { service, finish, arrival };
}

async function start(service: PingService) {
  const draining = new AbortController();
  const overdue = new AbortController();
  const interceptors = [
    drain({ draining: draining.signal, overdue: overdue.signal, domain: "example", retryDelayMs: 2_500 }),
  ];
  return { server: await startTestServer(PingServiceDefinition, service, { interceptors }), draining, overdue };
}

describe("drain", () => {
  test.each(everyKind)("leaves a %s call alone while the server stays", async (_kind, makeCall) => {
    const { server } = await start(createPingService());
    await using _stop = server;
    await expect(makeCall(server.client)).resolves.toBeDefined();
  });

  test.each(everyKind)("refuses a new %s call once the server drains", async (_kind, makeCall) => {
    const { server, draining } = await start(createPingService());
    await using _stop = server;
    draining.abort();
    await expect(makeCall(server.client)).rejects.toMatchObject(goingAway);
  });

  test("ends open bidirectional streams, after what was echoed before", async () => {
    const { server, draining } = await start(createPingService());
    await using _stop = server;
    const requests = async function* () {
      yield { text: "before" };
      yield* silence();
    };
    const responses = server.client.echo(requests());
    await expect(responses.next()).resolves.toMatchObject({ value: { text: "before" } });
    draining.abort();
    await expect(responses.next()).rejects.toMatchObject(goingAway);
  });

  const otherKinds: readonly (readonly [string, (client: PingClient) => Promise<unknown>, unknown])[] = [
    ["unary", (client) => client.ping({}), { text: "done", values: undefined }],
    ["serverStreaming", (client) => all(client.count({})), [{ number: 1, padding: Buffer.alloc(0) }]],
    ["clientStreaming", (client) => client.collect([]), { texts: ["done"] }],
  ];

  test.each(otherKinds)("lets an open %s call go on", async (_kind, makeCall, answer) => {
    const { service, finish, arrival } = createStubbornService();
    const { server, draining } = await start(service);
    await using _stop = server;
    const arrived = arrival();
    const call = makeCall(server.client);
    await arrived;
    draining.abort();
    finish();
    await expect(call).resolves.toEqual(answer);
  });

  test.each(everyKind)("ends a %s call that is overdue, also when its handler goes on", async (_kind, makeCall) => {
    const { service, arrival } = createStubbornService();
    const { server, draining, overdue } = await start(service);
    await using _stop = server;
    const arrived = arrival();
    const call = makeCall(server.client);
    const ended = expect(call).rejects.toMatchObject(goingAway);
    await arrived;
    draining.abort();
    overdue.abort();
    await ended;
  });

  test("does not mind what a handler does after its call was ended", async () => {
    const { service, arrival, finish } = createStubbornService();
    const { server, overdue } = await start(service);
    await using _stop = server;
    const arrived = arrival();
    const call = all(server.client.count({}));
    const ended = expect(call).rejects.toMatchObject(goingAway);
    await arrived;
    overdue.abort();
    await ended;
    finish();
    await expect(server.client.ping({})).rejects.toMatchObject(goingAway); // still there to say so
  });

  test("does not end a call that its client has cancelled already", async () => {
    const { server, draining } = await start(createPingService());
    await using _stop = server;
    const cancel = new AbortController();
    const responses = server.client.echo(silence(), { signal: cancel.signal });
    const ended = expect(responses.next()).rejects.toMatchObject({ code: Status.CANCELLED });
    cancel.abort();
    await ended;
    draining.abort();
  });
});
