import { describe, expect, test } from "@jest/globals";
import {
  createClient,
  deadlineIn,
  methodOf,
  type ServerCall,
  type ServerInterceptor,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createFakeClock, createPingService, startProxy, startTestServer } from "@rollcall/testing";
import { type PingRequest, PingResponse, PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyKind } from "../../every-kind.fixture.js";
import { setCaller } from "../caller.js";
import { testThatCallsAreLeftAlone } from "../leaves-calls-alone.fixture.js";
import { AnswerStore } from "./answer-store.fixture.js";
import { type Answers, idempotency, type IdempotencyOptions, idempotentRequestOf } from "./idempotency.js";

type Ping = ServiceImplementation<PingServiceDefinition>["ping"];
/** What a handler does before its effect. */
type Before = (request: PingRequest, call: ServerCall) => Promise<void>;

const methods = Object.values(PingServiceDefinition.methods).map((method) => methodOf(PingServiceDefinition, method));
const path = "/ping.v1.PingService/Ping";
const policies = new Map(methods.map((method) => [method.path, { idempotencyKey: "text" }]));

/** Takes whoever the metadata names for the caller. */
const believe: ServerInterceptor = () => async (call, next) => {
  const subject = call.metadata.get("caller");
  if (subject !== undefined) {
    setCaller(call, { subject, roles: [], credential: "none" });
  }
  await next();
};

/** A server whose method Ping has an effect, and counts how often. */
async function start(options: Partial<IdempotencyOptions> & { readonly before?: Before } = {}) {
  const { before = () => Promise.resolve(), ...others } = options;
  const answers = new AnswerStore();
  const effects: (string | undefined)[] = [];
  const ping: Ping = async (request, call) => {
    await before(request, call);
    const answer = PingResponse.fromPartial({ text: `answer ${effects.length + 1}`, values: request.values });
    const repeatable = idempotentRequestOf(call);
    if (repeatable !== undefined) {
      answers.commit(repeatable, PingResponse, answer);
    }
    effects.push(repeatable?.key.requestId);
    return answer;
  };
  const interceptors = [believe, idempotency({ policies, answers, domain: "example", ...others })];
  const server = await startTestServer(
    PingServiceDefinition,
    { ...createPingService(), ping },
    { interceptors, onUnexpectedError: () => undefined },
  );
  return { server, answers, effects };
}

/** A point that handlers wait at until it is opened, or their call ends. */
function createGate() {
  let open: () => void = () => undefined;
  let arrive: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const pass = async () => {
    arrive();
    await opened;
  };
  return { pass, open, arrived };
}

const reused = (requestId: string) => ({
  code: Status.INVALID_ARGUMENT,
  details: `text ${JSON.stringify(requestId)} was used before, with another request`,
  errorDetails: {
    errorInfo: { reason: "REQUEST_ID_REUSED", domain: "example", metadata: { text: requestId } },
    badRequest: { fieldViolations: [{ field: "text", description: "must be new for a new request" }] },
  },
});

const values = { int64Value: 2n ** 62n, bytesValue: Buffer.of(0, 255), stringValue: "a" };
const othersValues = { ...values, stringValue: "b" };

describe("idempotency", () => {
  testThatCallsAreLeftAlone(() => [idempotency({ policies, answers: new AnswerStore(), domain: "example" })]);

  test("gives a request that comes again the first answer, and does not run its handler", async () => {
    const { server, effects } = await start();
    await using _stop = server;
    const first = await server.client.ping({ text: "r-1", values });
    await expect(server.client.ping({ text: "r-1", values })).resolves.toEqual(first);
    await expect(server.client.ping({ text: "r-1", values })).resolves.toEqual(first);
    expect(effects).toEqual(["r-1"]);
  });

  test("refuses another request under the same id, and lets the first be repeated still", async () => {
    const { server, effects } = await start();
    await using _stop = server;
    const first = await server.client.ping({ text: "r-1", values });
    await expect(server.client.ping({ text: "r-1", values: othersValues })).rejects.toMatchObject(reused("r-1"));
    await expect(server.client.ping({ text: "r-1" })).rejects.toMatchObject(reused("r-1"));
    await expect(server.client.ping({ text: "r-1", values })).resolves.toEqual(first);
    expect(effects).toEqual(["r-1"]);
  });

  test("lets requests without an id take effect each time, and looks nothing up", async () => {
    const { server, answers, effects } = await start();
    await using _stop = server;
    await expect(server.client.ping({ values })).resolves.toMatchObject({ text: "answer 1" });
    await expect(server.client.ping({ values })).resolves.toMatchObject({ text: "answer 2" });
    expect(effects).toEqual([undefined, undefined]);
    expect(answers.lookups).toEqual([]);
  });

  test("keeps the ids of callers apart", async () => {
    const { server, answers } = await start();
    await using _stop = server;
    const call = (caller: string) => server.client.ping({ text: "r-1", values }, { metadata: { caller } });
    const [ada, grace, nobody] = [
      await call("ada"),
      await call("grace"),
      await server.client.ping({ text: "r-1", values }),
    ];
    expect([ada.text, grace.text, nobody.text]).toEqual(["answer 1", "answer 2", "answer 3"]);
    await expect(call("ada")).resolves.toEqual(ada);
    expect(answers.lookups).toEqual(
      ["ada", "grace", "", "ada"].map((caller) => ({ caller, method: path, requestId: "r-1" })),
    );
  });

  test("does not keep what failed", async () => {
    let failures = 1;
    const before: Before = async () => {
      if (failures-- > 0) {
        throw new StatusError(Status.UNAVAILABLE, "try again");
      }
    };
    const { server, effects } = await start({ before });
    await using _stop = server;
    await expect(server.client.ping({ text: "r-1" })).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await expect(server.client.ping({ text: "r-1", values })).resolves.toMatchObject({ text: "answer 1" });
    expect(effects).toEqual(["r-1"]);
  });

  test("lets twenty equal requests at once take effect once, and gives all the same answer", async () => {
    const gate = createGate();
    const clock = createFakeClock();
    const { server, effects } = await start({ before: gate.pass, sleep: clock.sleep });
    await using _stop = server;
    const calls = Array.from({ length: 20 }, () => server.client.ping({ text: "r-1", values }));
    await gate.arrived;
    await clock.sleepers(19);
    gate.open();
    const answers = await Promise.all(calls);
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(["answer 1"]));
    expect(effects).toEqual(["r-1"]);
  });

  test("refuses another request that waited for the first under its id", async () => {
    const gate = createGate();
    const clock = createFakeClock();
    const { server } = await start({ before: gate.pass, sleep: clock.sleep });
    await using _stop = server;
    const first = server.client.ping({ text: "r-1", values });
    await gate.arrived;
    const other = expect(server.client.ping({ text: "r-1" })).rejects.toMatchObject(reused("r-1"));
    await clock.sleepers();
    gate.open();
    await expect(first).resolves.toMatchObject({ text: "answer 1" });
    await other;
  });

  test("does not let requests under other ids, or from other callers, wait", async () => {
    const gate = createGate();
    const before: Before = (request, call) =>
      request.text === "r-1" && call.metadata.get("caller") === undefined ? gate.pass() : Promise.resolve();
    const { server } = await start({ before });
    await using _stop = server;
    const first = server.client.ping({ text: "r-1" });
    await gate.arrived;
    await expect(server.client.ping({ text: "r-2" })).resolves.toMatchObject({ text: "answer 1" });
    const others = server.client.ping({ text: "r-1" }, { metadata: { caller: "ada" } });
    await expect(others).resolves.toMatchObject({ text: "answer 2" });
    gate.open();
    await first;
  });

  test("runs a request that waited for a first that failed", async () => {
    const gate = createGate();
    const clock = createFakeClock();
    let calls = 0;
    const before: Before = async () => {
      const isFirst = calls++ === 0;
      await gate.pass();
      if (isFirst) {
        throw new StatusError(Status.UNAVAILABLE, "try again");
      }
    };
    const { server, effects } = await start({ before, sleep: clock.sleep });
    await using _stop = server;
    const first = expect(server.client.ping({ text: "r-1" })).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await gate.arrived;
    const second = server.client.ping({ text: "r-1" });
    await clock.sleepers();
    gate.open();
    await first;
    await expect(second).resolves.toMatchObject({ text: "answer 1" });
    expect(effects).toEqual(["r-1"]);
  });

  test("runs a request that has waited long enough for the first", async () => {
    const gate = createGate();
    const clock = createFakeClock();
    let calls = 0;
    const before: Before = () => (calls++ === 0 ? gate.pass() : Promise.resolve());
    const { server } = await start({ before, sleep: clock.sleep, maxWaitMs: 500 });
    await using _stop = server;
    const first = server.client.ping({ text: "r-1" }).catch((error: unknown) => error);
    await gate.arrived;
    const second = server.client.ping({ text: "r-1" });
    await clock.sleepers();
    await clock.advance(500);
    await expect(second).resolves.toMatchObject({ text: "answer 1" });
    gate.open();
    await expect(first).resolves.toMatchObject({ code: Status.INTERNAL }); // what the store says to the loser
  });

  test.each([
    ["its client cancels it", { code: Status.CANCELLED }],
    ["its deadline passes", { code: Status.DEADLINE_EXCEEDED }],
  ])("ends a request that waits when %s, and not the first", async (_case, error) => {
    const gate = createGate();
    const clock = createFakeClock();
    const { server, effects } = await start({ before: gate.pass, sleep: clock.sleep });
    await using _stop = server;
    const first = server.client.ping({ text: "r-1" });
    await gate.arrived;
    const cancel = new AbortController();
    const isCancelled = error.code === Status.CANCELLED;
    const options = isCancelled ? { signal: cancel.signal } : { deadline: deadlineIn(300) };
    const second = expect(server.client.ping({ text: "r-1" }, options)).rejects.toMatchObject(error);
    await clock.sleepers();
    cancel.abort();
    await second;
    gate.open();
    await expect(first).resolves.toMatchObject({ text: "answer 1" });
    expect(effects).toEqual(["r-1"]);
  });

  test.each<[string, "cancel" | "cut"]>([
    ["was cancelled by its client", "cancel"],
    ["lost its connection", "cut"],
  ])("gives the answer of a first request that %s after it took effect", async (_case, how) => {
    const gate = createGate();
    const { server, effects } = await start({ before: gate.pass });
    await using _stop = server;
    await using proxy = await startProxy(server.address);
    const channel = createChannel({ address: proxy.address });
    const cancel = new AbortController();
    const first = createClient(PingServiceDefinition, channel).ping({ text: "r-1", values }, { signal: cancel.signal });
    const lost = expect(first).rejects.toBeInstanceOf(StatusError);
    await gate.arrived;
    if (how === "cancel") {
      cancel.abort();
    } else {
      proxy.cut();
    }
    await lost;
    const second = server.client.ping({ text: "r-1", values });
    gate.open();
    await expect(second).resolves.toMatchObject({ text: "answer 1", values: { int64Value: values.int64Value } });
    expect(effects).toEqual(["r-1"]);
    channel.close();
  });

  test("runs nothing when the answers cannot be looked up, and does not stay in its own way", async () => {
    const store = new AnswerStore();
    let failures = 1;
    const answers: Answers = {
      find: async (key) => {
        if (failures-- > 0) {
          throw new StatusError(Status.UNAVAILABLE, "the database does not answer");
        }
        return store.find(key);
      },
    };
    const { server, effects } = await start({ answers });
    await using _stop = server;
    await expect(server.client.ping({ text: "r-1" })).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    expect(effects).toEqual([]);
    await expect(server.client.ping({ text: "r-1" })).resolves.toMatchObject({ text: "answer 1" });
  });

  test("tells requests apart as it is told", async () => {
    const fingerprint = async (request: unknown, method: { readonly name: string }) =>
      Promise.resolve(`${method.name} ${String((request as PingRequest).values?.stringValue)}`); // it is asked about Ping
    const { server } = await start({ fingerprint });
    await using _stop = server;
    const first = await server.client.ping({ text: "r-1", values });
    await expect(server.client.ping({ text: "r-1", values: { stringValue: "a" } })).resolves.toEqual(first);
    await expect(server.client.ping({ text: "r-1", values: othersValues })).rejects.toMatchObject(reused("r-1"));
  });

  test("quotes no more of an id than fits into a trailer", async () => {
    const { server } = await start();
    await using _stop = server;
    const text = "x".repeat(100_000);
    await server.client.ping({ text });
    await expect(server.client.ping({ text, values })).rejects.toMatchObject(reused("x".repeat(64)));
  });

  test("gives the reason that it is told", async () => {
    const { server } = await start({ reason: "PING_REUSED" });
    await using _stop = server;
    await server.client.ping({ text: "r-1" });
    await expect(server.client.ping({ text: "r-1", values })).rejects.toMatchObject({ reason: "PING_REUSED" });
  });

  test.each(everyKind)("concerns a %s method where it is unary and its policy names a field", (kind) => {
    const [method = methods[0]] = methods.filter((candidate) => candidate.kind === kind);
    const options = { answers: new AnswerStore(), domain: "example" };
    expect(method && idempotency({ ...options, policies })(method)).toEqual(
      kind === "unary" ? expect.any(Function) : undefined,
    );
    expect(method && idempotency({ ...options, policies: new Map([[method.path, {}]]) })(method)).toBeUndefined();
  });

  test.each(["words", "values"])("does not take the field %p for an id", async (idempotencyKey) => {
    await expect(start({ policies: new Map([[path, { idempotencyKey }]]) })).rejects.toThrow(
      new TypeError(`the policy of ${path} names the field "${idempotencyKey}"; its request has no such text`),
    );
  });

  test.each([-1, NaN, 2 ** 31])("does not wait for %d ms", async (maxWaitMs) => {
    await expect(start({ maxWaitMs })).rejects.toThrow(
      new TypeError(`maxWaitMs is ${maxWaitMs}; it takes 0 to 2147483647 milliseconds`),
    );
  });
});
