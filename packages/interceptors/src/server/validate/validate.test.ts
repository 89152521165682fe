import { describe, expect, test } from "@jest/globals";
import { byPath, type ServiceImplementation, Status } from "@rollcall/rpc";
import * as v from "@rollcall/rpc/validation";
import { createPingService, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { all, type MakeCall } from "../../every-kind.fixture.js";
import { testThatCallsAreLeftAlone } from "../leaves-calls-alone.fixture.js";
import { type RequestRulesTable, validate, type ValidateOptions } from "./validate.js";

type PingService = ServiceImplementation<PingServiceDefinition>;
type Rules = RequestRulesTable<PingServiceDefinition>;

const textSchema = v.message({ text: v.text([v.minLen(1), v.maxLen(5)]) });
const schemas = byPath(PingServiceDefinition, {
  ping: textSchema,
  count: v.message({ to: v.int32([v.range("int32", { gte: 0 })]), paddingBytes: v.int32() }),
  collect: textSchema,
  echo: textSchema,
});

const start = async (
  rules: Rules = {},
  service: PingService = createPingService(),
  options: Partial<ValidateOptions> = {},
) => {
  const also = byPath(PingServiceDefinition, rules);
  const interceptors = [validate({ schemas, also, domain: "example", ...options })];
  return startTestServer(PingServiceDefinition, service, { interceptors });
};

/** What a call is rejected with for one field. */
function invalid(field: string, description: string, rule: string) {
  return {
    code: Status.INVALID_ARGUMENT,
    details: `${field} ${description}`,
    errorDetails: {
      errorInfo: { reason: "INVALID_REQUEST", domain: "example", metadata: {} },
      badRequest: { fieldViolations: [{ field, description, reason: rule }] },
    },
  };
}

const everyInvalidCall: readonly (readonly [string, MakeCall, object])[] = [
  ["unary", (client) => client.ping({}), invalid("text", "must not be empty", "string.min_len")],
  ["serverStreaming", (client) => all(client.count({ to: -1 })), invalid("to", "must be at least 0", "int32.gte")],
  [
    "clientStreaming",
    (client) => client.collect([{ text: "a" }, { text: "longer" }, { text: "b" }]),
    invalid("text", "must have at most 5 characters", "string.max_len"),
  ],
  [
    "bidiStreaming",
    (client) => all(client.echo([{ text: "a" }, { text: "" }])),
    invalid("text", "must not be empty", "string.min_len"),
  ],
];

describe("validate", () => {
  testThatCallsAreLeftAlone(() => [validate({ schemas, domain: "example" })]);

  test.each(everyInvalidCall)("refuses a %s call that breaks a rule", async (_kind, makeCall, error) => {
    await using server = await start();
    await expect(makeCall(server.client)).rejects.toMatchObject(error);
  });

  test.each(everyInvalidCall.slice(0, 2))(
    "runs no handler of a %s call that breaks a rule",
    async (_kind, makeCall) => {
      let ran = false;
      const service: PingService = {
        ...createPingService(),
        ping: async () => {
          ran = true;
          return { text: "" };
        },
        count: async function* () {
          yield* [];
          ran = true;
        },
      };
      await using server = await start({}, service);
      await expect(makeCall(server.client)).rejects.toMatchObject({ code: Status.INVALID_ARGUMENT });
      expect(ran).toBe(false);
    },
  );

  test("answers what came before a wrong message of a stream", async () => {
    await using server = await start();
    const responses = server.client.echo([{ text: "a" }, { text: "b" }, { text: "" }, { text: "c" }]);
    await expect(responses.next()).resolves.toMatchObject({ value: { text: "a" } });
    await expect(responses.next()).resolves.toMatchObject({ value: { text: "b" } });
    await expect(responses.next()).rejects.toMatchObject(invalid("text", "must not be empty", "string.min_len"));
  });

  test("ends the call of a handler that goes on after a wrong message, and gives it no other", async () => {
    const read: string[] = [];
    const collect: PingService["collect"] = async (requests) => {
      const source = requests[Symbol.asyncIterator]();
      for (let reads = 0; reads < 4; reads += 1) {
        const next = await source.next().catch(() => undefined);
        read.push(next?.done === false ? next.value.text : "-");
      }
      return { texts: [] };
    };
    await using server = await start({}, { ...createPingService(), collect });
    const call = server.client.collect(["a", "", "b", "c"].map((text) => ({ text })));
    await expect(call).rejects.toMatchObject({ code: Status.INVALID_ARGUMENT, reason: "INVALID_REQUEST" });
    expect(read).toEqual(["a", "-", "-", "-"]);
  });

  test("gives the messages of a stream the paths that the application says", async () => {
    await using server = await start({ collect: { fieldPrefix: (index) => `texts[${index}]` } });
    const call = () => server.client.collect([{ text: "a" }, { text: "b" }, { text: "" }]);
    const error = invalid("texts[2].text", "must not be empty", "string.min_len");
    await expect(call()).rejects.toMatchObject(error);
    await expect(call()).rejects.toMatchObject(error); // each call counts for itself
  });

  test("names what the application finds beside what the schema does", async () => {
    const alsoWrong = ({ text }: { readonly text: string }) =>
      text.startsWith("x") ? [{ field: "text", description: "must not begin with x" }] : [];
    await using server = await start({ ping: { alsoWrong } });
    await expect(server.client.ping({ text: "a" })).resolves.toMatchObject({ text: "a" });
    await expect(server.client.ping({ text: "x" })).rejects.toMatchObject(invalid("text", "must not begin with x", ""));
    await expect(server.client.ping({ text: "xlonger" })).rejects.toMatchObject({
      details: "text must have at most 5 characters; text must not begin with x",
    });
  });

  test.each<[string, Rules, MakeCall]>([
    ["a request", { ping: { prepare: trim } }, async (client) => (await client.ping({ text: "  a " })).text],
    [
      "each message",
      { collect: { prepare: trim } },
      async (client) => (await client.collect([{ text: " a  " }])).texts[0],
    ],
  ])("checks %s as the application prepares it, and gives it to the handler so", async (_case, rules, makeCall) => {
    await using server = await start(rules);
    await expect(makeCall(server.client)).resolves.toBe("a");
  });

  test("checks what the application prepares, and not what was sent", async () => {
    await using server = await start({ ping: { prepare: trim } });
    await expect(server.client.ping({ text: "      abc      " })).resolves.toMatchObject({ text: "abc" });
    await expect(server.client.ping({ text: "   " })).rejects.toMatchObject(
      invalid("text", "must not be empty", "string.min_len"),
    );
  });

  test("tells the key of a map from its value", async () => {
    const ping = v.message({ texts: v.record(v.text([v.minLen(1)]), v.text()) });
    const prepare = (request: object) => Object.assign(request, { texts: { "": "a" } });
    await using server = await start({ ping: { prepare } }, createPingService(), {
      schemas: byPath(PingServiceDefinition, { ping }),
    });
    await expect(server.client.ping({})).rejects.toMatchObject(
      invalid('texts[""]', "key must not be empty", "string.min_len"),
    );
  });

  test("leaves methods alone that nothing is said of", async () => {
    await using server = await start({}, createPingService(), { schemas: new Map() });
    await expect(server.client.ping({ text: "much longer" })).resolves.toMatchObject({ text: "much longer" });
  });

  test("heeds the application's rules where there is no schema", async () => {
    const alsoWrong = () => [{ field: "text", description: "is never right" }];
    await using server = await start({ ping: { alsoWrong } }, createPingService(), { schemas: new Map() });
    await expect(server.client.ping({})).rejects.toMatchObject(invalid("text", "is never right", ""));
  });

  test("gives the reason that it is told", async () => {
    await using server = await start({}, createPingService(), { reason: "BAD_PING" });
    await expect(server.client.ping({})).rejects.toMatchObject({ reason: "BAD_PING" });
  });

  test("says which concern it is", () => {
    expect(validate({ schemas, domain: "example" }).concern).toBe("validate");
  });
});

function trim(request: { text: string }): void {
  request.text = request.text.trim();
}
