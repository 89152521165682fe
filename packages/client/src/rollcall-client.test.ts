import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { type ServerCall, type ServiceImplementation, Status } from "@rollcall/rpc";
import { startTestServer } from "@rollcall/testing";
import { describe, expect, test } from "@jest/globals";
import { createRollcallClient, type RollcallClient } from "./rollcall-client.js";

/** The service with handlers that note the deadlines of calls and answer empty messages: only its calls matter here. */
function noteDeadlines(deadlines: ServerCall["deadline"][]): ServiceImplementation<UserServiceDefinition> {
  const handlers = Object.entries(UserServiceDefinition.methods).map(([name, { responseType, responseStream }]) => {
    async function* stream(_request: unknown, call: ServerCall) {
      deadlines.push(call.deadline);
      yield responseType.fromPartial({});
    }
    const single = (_request: unknown, call: ServerCall) => {
      deadlines.push(call.deadline);
      return Promise.resolve(responseType.fromPartial({}));
    };
    return [name, responseStream ? stream : single];
  });
  // A handler for each method, made of its own response type.
  return Object.fromEntries(handlers) as ServiceImplementation<UserServiceDefinition>;
}

async function start(options: Omit<Parameters<typeof createRollcallClient>[0], "address"> = {}) {
  const deadlines: ServerCall["deadline"][] = [];
  const server = await startTestServer(UserServiceDefinition, noteDeadlines(deadlines));
  const client = createRollcallClient({ address: server.address, ...options });
  return {
    client,
    deadlines,
    async [Symbol.asyncDispose]() {
      client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

type MakeCall = (users: RollcallClient["users"], deadline?: Date) => Promise<unknown>;

const unary: MakeCall = (users, deadline) => users.getUser({ id: "1" }, { deadline });
const serverStreaming: MakeCall = (users, deadline) => users.listUsers({}, { deadline }).next();
const clientStreaming: MakeCall = (users, deadline) => users.createUsers([], { deadline });
const chat: MakeCall = (users, deadline) => users.chat([{ content: "hello" }], { deadline }).next();

describe("createRollcallClient", () => {
  test.each([
    ["a call that answers with one message", unary, 10_000],
    ["a stream from the server", serverStreaming, 600_000],
    ["a stream to the server", clientStreaming, 600_000],
  ])("gives %s a deadline", async (_case, makeCall, timeoutMs) => {
    await using setup = await start();
    const startMs = Date.now();
    await makeCall(setup.client.users);
    const [deadline] = setup.deadlines;
    expect(deadline?.getTime()).toBeGreaterThan(startMs + timeoutMs - 2_000);
    expect(deadline?.getTime()).toBeLessThan(Date.now() + timeoutMs + 2_000);
  });

  test("gives a chat no deadline", async () => {
    await using setup = await start();
    await chat(setup.client.users);
    expect(setup.deadlines).toEqual([undefined]);
  });

  test("takes other times, and each call's own deadline before them", async () => {
    await using setup = await start({ callTimeoutMs: 3_600_000, streamTimeoutMs: 7_200_000 });
    const startMs = Date.now();
    await unary(setup.client.users);
    await serverStreaming(setup.client.users);
    await chat(setup.client.users, new Date(startMs + 60_000));
    const hours = setup.deadlines.map((deadline) => Math.round(((deadline?.getTime() ?? 0) - startMs) / 360_000) / 10);
    expect(hours).toEqual([1, 2, 0]);
  });

  test("runs the interceptors it is given", async () => {
    const methods: string[] = [];
    await using setup = await start({
      interceptors: [
        ({ name }) =>
          async (_call, next) => {
            methods.push(name);
            await next();
          },
      ],
    });
    await unary(setup.client.users);
    expect(methods).toEqual(["GetUser"]);
  });

  test("connects when it is told to, and says when nobody is there", async () => {
    await using setup = await start();
    await expect(setup.client.connect()).resolves.toBeUndefined();
    await using lost = createRollcallClient({ address: "127.0.0.1:1", connectTimeoutMs: 200 });
    await expect(lost.connect()).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await expect(unary(lost.users)).rejects.toMatchObject({ code: Status.UNAVAILABLE });
  });

  test("makes no calls once it is closed", async () => {
    await using setup = await start();
    setup.client.close();
    await expect(unary(setup.client.users)).rejects.toMatchObject({ code: Status.UNAVAILABLE });
  });

  test.each([
    ["an option that does not exist", { retries: 3 }],
    ["a time that is none", { connectTimeoutMs: -1 }],
    ["a certificate without its key", { tls: { certificate: "…" } }],
  ])("refuses %s", (_case, options) => {
    expect(() => createRollcallClient({ address: "127.0.0.1:1", ...options })).toThrow(TypeError);
  });
});
