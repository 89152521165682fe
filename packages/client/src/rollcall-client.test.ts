import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import {
  type ServerCall,
  type ServerInterceptor,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { CircuitOpenError } from "@rollcall/interceptors/client/circuit-breaker";
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

/** A server that is unavailable to the first call of every method. */
async function startFailingServer() {
  const tried = new Set<string>();
  const failOnce: ServerInterceptor =
    ({ path }) =>
    async (_call, next) => {
      if (!tried.has(path)) {
        tried.add(path);
        throw new StatusError(Status.UNAVAILABLE, "not yet");
      }
      await next();
    };
  return startTestServer(UserServiceDefinition, noteDeadlines([]), { interceptors: [failOnce] });
}

type MakeCall = (users: RollcallClient["users"], deadline?: Date) => Promise<unknown>;

const unary: MakeCall = (users, deadline) => users.getUser({ id: "1" }, { deadline });
const serverStreaming: MakeCall = (users, deadline) => users.listUsers({}, { deadline }).next();
const clientStreaming: MakeCall = (users, deadline) => users.createUsers([], { deadline });
const chat: MakeCall = (users, deadline) => users.chat([{ content: "hello" }], { deadline }).next();

describe("createRollcallClient", () => {
  test.each([
    ["a call that answers with one message", unary, 5_000],
    ["a stream from the server", serverStreaming, 3_600_000],
    ["a stream to the server", clientStreaming, 120_000],
  ])("gives %s the deadline that the contract has for it", async (_case, makeCall, timeoutMs) => {
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

  test("keeps a deadline that a call brings, up to the most that the contract allows", async () => {
    await using setup = await start();
    const startMs = Date.now();
    await unary(setup.client.users, new Date(startMs + 20_000));
    await unary(setup.client.users, new Date(startMs + 600_000));
    await chat(setup.client.users, new Date(startMs + 60_000));
    const seconds = setup.deadlines.map((deadline) => Math.round(((deadline?.getTime() ?? 0) - startMs) / 5_000) * 5);
    expect(seconds).toEqual([20, 30, 60]);
  });

  test("repeats a call that is safe to repeat while the server is unavailable, and no other", async () => {
    await using kit = await startFailingServer();
    await using client = createRollcallClient({ address: kit.address });
    await expect(client.users.getUser({ id: "1" })).resolves.toBeDefined();
    await expect(client.users.createUser({ name: "Ada" })).resolves.toBeDefined();
    await expect(client.users.createUsers([{ name: "Ada" }])).rejects.toMatchObject({ code: Status.UNAVAILABLE });
  });

  test("with hedging makes a call that reads again when the first answer is late", async () => {
    const attempts: string[] = [];
    const beLateOnce: ServerInterceptor =
      ({ name }) =>
      async ({ signal }, next) => {
        attempts.push(name);
        if (attempts.length === 1) {
          await new Promise((resolve) => {
            signal.addEventListener("abort", resolve);
          });
        }
        await next();
      };
    await using server = await startTestServer(UserServiceDefinition, noteDeadlines([]), {
      interceptors: [beLateOnce],
    });
    await using client = createRollcallClient({ address: server.address, hedging: true });
    await expect(unary(client.users)).resolves.toBeDefined();
    expect(attempts).toEqual(["GetUser", "GetUser"]);
  });

  test("leaves a server alone that keeps failing", async () => {
    const fail: ServerInterceptor = () => () => Promise.reject(new StatusError(Status.INTERNAL, "failed"));
    await using server = await startTestServer(UserServiceDefinition, noteDeadlines([]), { interceptors: [fail] });
    await using client = createRollcallClient({ address: server.address });
    for (let calls = 0; calls < 10; calls++) {
      await expect(unary(client.users)).rejects.toMatchObject({ code: Status.INTERNAL });
    }
    await expect(unary(client.users)).rejects.toBeInstanceOf(CircuitOpenError);
  });

  test("sends an id with each call, by which it is found in the logs of both sides", async () => {
    const [ids, lines]: [unknown[], object[]] = [[], []];
    const note: ServerInterceptor =
      () =>
      async ({ metadata }, next) => {
        ids.push(metadata.get("x-request-id"));
        await next();
      };
    const write = (line: object) => void lines.push(line);
    const logger = { trace: write, debug: write, info: write, warn: write, error: write };
    await using server = await startTestServer(UserServiceDefinition, noteDeadlines([]), { interceptors: [note] });
    await using client = createRollcallClient({ address: server.address, logger });
    await unary(client.users);
    expect(lines).toMatchObject([{ method: "/user.v1.UserService/GetUser", status: "OK", requestId: ids[0] }]);
    expect(ids).toEqual([expect.any(String)]);
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
