import { describe, expect, test } from "@jest/globals";
import { methodOf, type ServiceImplementation, Status } from "@rollcall/rpc";
import { connectRawClient, createPingService, grpcFrame, startTestServer } from "@rollcall/testing";
import { CollectRequest, EchoRequest, PingRequest, PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { all, everyKind, type MakeCall } from "../../every-kind.fixture.js";
import { testThatCallsAreLeftAlone } from "../leaves-calls-alone.fixture.js";
import { requestSize } from "./request-size.js";

type PingService = ServiceImplementation<PingServiceDefinition>;

const methods = Object.values(PingServiceDefinition.methods).map((method) => methodOf(PingServiceDefinition, method));

/** The same limit for every method. */
const policiesOf = (maxRequestBytes?: number) =>
  new Map(methods.map(({ path }) => [path, maxRequestBytes === undefined ? {} : { maxRequestBytes }]));

const start = (maxRequestBytes: number | undefined, service: PingService = createPingService()) => {
  const interceptors = [requestSize({ policies: policiesOf(maxRequestBytes), domain: "example" })];
  return startTestServer(PingServiceDefinition, service, { interceptors });
};

const tooLarge = (limit: number) => ({
  code: Status.RESOURCE_EXHAUSTED,
  details: `the request is larger than ${limit} bytes`,
  errorDetails: { errorInfo: { reason: "REQUEST_TOO_LARGE", domain: "example", metadata: { limit: String(limit) } } },
});

/** A text that makes a message of so many bytes: its tag and its length take two. */
const textOf = (bytes: number) => "x".repeat(bytes - 2);
const limit = 100;

const callsOf = (bytes: number): readonly (readonly [string, MakeCall])[] => [
  ["unary", (client) => client.ping({ text: textOf(bytes) })],
  ["clientStreaming", (client) => client.collect([{ text: "a" }, { text: textOf(bytes) }, { text: "b" }])],
  ["bidiStreaming", (client) => all(client.echo([{ text: "a" }, { text: textOf(bytes) }, { text: "b" }]))],
];

describe("requestSize", () => {
  testThatCallsAreLeftAlone(() => [requestSize({ policies: policiesOf(limit), domain: "example" })]);

  test.each(callsOf(limit))(
    "takes a %s call whose messages are just as large as they may be",
    async (_kind, makeCall) => {
      await using server = await start(limit);
      await expect(makeCall(server.client)).resolves.toBeDefined();
    },
  );

  test.each(callsOf(limit + 1))("refuses a %s call with a message of a byte more", async (_kind, makeCall) => {
    await using server = await start(limit);
    await expect(makeCall(server.client)).rejects.toMatchObject(tooLarge(limit));
  });

  test("refuses a serverStreaming call with a request of a byte more", async () => {
    await using server = await start(2);
    await expect(all(server.client.count({ to: 127 }))).resolves.toHaveLength(127);
    await expect(all(server.client.count({ to: 128 }))).rejects.toMatchObject(tooLarge(2));
  });

  test("counts each message of a stream by itself, however many there are", async () => {
    await using server = await start(limit);
    const requests = Array.from({ length: 200 }, () => ({ text: textOf(limit) }));
    await expect(server.client.collect(requests)).resolves.toMatchObject({ texts: requests.map(({ text }) => text) });
  });

  test("answers what came before a message that is too large", async () => {
    await using server = await start(limit);
    const responses = server.client.echo([{ text: "a" }, { text: textOf(limit + 1) }, { text: "b" }]);
    await expect(responses.next()).resolves.toMatchObject({ value: { text: "a" } });
    await expect(responses.next()).rejects.toMatchObject(tooLarge(limit));
  });

  test("does not take several messages for one when a handler asks for all of them at once", async () => {
    const collect: PingService["collect"] = async (requests) => {
      const source = requests[Symbol.asyncIterator]();
      const first = await source.next();
      await someTurns(); // the others have arrived, and wait to be read
      const results = [first, ...(await Promise.all([source.next(), source.next()]))];
      return { texts: results.map((result) => (result.done === true ? "-" : result.value.text)) };
    };
    await using server = await start(limit, { ...createPingService(), collect });
    await using raw = await connectRawClient(server.address);
    const frame = grpcFrame(CollectRequest.encode({ text: textOf(limit) }).finish());
    const body = [Buffer.concat([frame, frame, frame])];
    await expect(raw.call("/ping.v1.PingService/Collect", { body })).resolves.toMatchObject({ grpcStatus: Status.OK });
  });

  test("runs no handler for a request that is too large", async () => {
    let ran = false;
    const ping: PingService["ping"] = async () => {
      ran = true;
      return { text: "" };
    };
    await using server = await start(limit, { ...createPingService(), ping });
    await expect(server.client.ping({ text: textOf(limit + 1) })).rejects.toMatchObject(tooLarge(limit));
    expect(ran).toBe(false);
  });

  test("counts the bytes that were sent, also those of fields that it does not know", async () => {
    await using server = await start(limit);
    await using raw = await connectRawClient(server.address);
    const unknownField = Buffer.concat([Buffer.from([0x7a, 99]), Buffer.alloc(99)]); // field 15
    const body = [grpcFrame(Buffer.concat([PingRequest.encode(PingRequest.fromPartial({})).finish(), unknownField]))];
    await expect(raw.call("/ping.v1.PingService/Ping", { body })).resolves.toMatchObject({
      grpcStatus: Status.RESOURCE_EXHAUSTED,
    });
  });

  test("takes a message that arrives in pieces for the one that it is", async () => {
    await using server = await start(limit);
    await using raw = await connectRawClient(server.address);
    const frame = grpcFrame(EchoRequest.encode(EchoRequest.fromPartial({ text: textOf(limit) })).finish());
    const body = Array.from(frame, (byte) => Buffer.of(byte));
    await expect(raw.call("/ping.v1.PingService/Echo", { body })).resolves.toMatchObject({ grpcStatus: Status.OK });
  });

  test.each(everyKind)("leaves a %s method without a limit alone", async (kind, makeCall) => {
    const [method = methods[0]] = methods.filter((candidate) => candidate.kind === kind);
    const interceptor = requestSize({ policies: policiesOf(), domain: "example" });
    expect(method && interceptor(method)).toBeUndefined();
    await using server = await start(undefined);
    await expect(makeCall(server.client)).resolves.toBeDefined();
  });

  test.each([0, -1, 1.5, NaN, Infinity])("does not take a limit of %d", async (maxRequestBytes) => {
    await expect(start(maxRequestBytes)).rejects.toThrow(
      new TypeError(
        `maxRequestBytes of /ping.v1.PingService/Ping is ${maxRequestBytes}; it takes a whole number above 0`,
      ),
    );
  });

  test("gives the reason that it is told", async () => {
    const policies = policiesOf(limit);
    await using server = await startTestServer(PingServiceDefinition, createPingService(), {
      interceptors: [requestSize({ policies, domain: "example", reason: "TOO_BIG" })],
    });
    await expect(server.client.ping({ text: textOf(limit + 1) })).rejects.toMatchObject({ reason: "TOO_BIG" });
  });
});

async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
