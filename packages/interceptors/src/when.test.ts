import { describe, expect, test } from "@jest/globals";
import { type ClientInterceptor, type Method, type ServerInterceptor, Status, StatusError } from "@rollcall/rpc";
import { createPingService, failCalls, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { withConcern } from "./concern.js";
import { everyKind } from "./every-kind.fixture.js";
import { type MethodSelector, when } from "./when.js";

const refused = new StatusError(Status.PERMISSION_DENIED, "refused");
const refuse: ServerInterceptor = failCalls(refused);
const refuseHere: ClientInterceptor = () => () => Promise.reject(refused);

/** Which of the four kinds of call are refused. */
async function refusedKinds(selector: MethodSelector, side: "server" | "client") {
  const options =
    side === "server"
      ? { interceptors: [when(selector, refuse)] }
      : { clientInterceptors: [when(selector, refuseHere)] };
  await using server = await startTestServer(PingServiceDefinition, createPingService(), options);
  const kinds = everyKind.map(async ([kind, makeCall]) =>
    makeCall(server.client).then(
      () => [],
      () => [kind],
    ),
  );
  return (await Promise.all(kinds)).flat();
}

describe.each(["server", "client"] as const)("when, on the %s", (side) => {
  test.each<[string, MethodSelector, string[]]>([
    ["a function", ({ responseStream }: Method) => responseStream, ["serverStreaming", "bidiStreaming"]],
    ["paths", ["/ping.v1.PingService/Ping", "/ping.v1.PingService/Echo"], ["unary", "bidiStreaming"]],
    ["a service", ["ping.v1.PingService"], ["unary", "serverStreaming", "clientStreaming", "bidiStreaming"]],
    ["other names", ["ping.v1.PingService2", "/ping.v1.PingService/Pin"], []],
    ["no names", [], []],
  ])("selects by %s", async (_case, selector, kinds) => {
    await expect(refusedKinds(selector, side)).resolves.toEqual(kinds);
  });
});

describe("when", () => {
  test("keeps the concern of its interceptor", () => {
    const concerned: ServerInterceptor = withConcern("rateLimit", () => undefined);
    expect(when([], concerned).concern).toBe("rateLimit");
    expect(when([], refuse).concern).toBeUndefined();
  });

  test.each(["user.v1.UserService/GetUser", "/user.v1.UserService", "", "/", "a/b/c"])(
    "refuses %j, which names nothing",
    (name) => {
      expect(() => when(["/user.v1.UserService/GetUser", name], refuse)).toThrow(
        `${JSON.stringify(name)} names no method; write "user.v1.UserService" or "/user.v1.UserService/GetUser"`,
      );
    },
  );
});
