import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "@jest/globals";
import { deadlineIn, type MethodPolicy } from "@rollcall/rpc";
import { startProxy } from "@rollcall/testing";
import { auth as sendToken } from "../client/auth/auth.js";
import { circuitBreaker } from "../client/circuit-breaker/circuit-breaker.js";
import { deadline as giveDeadline } from "../client/deadline/deadline.js";
import { requestId as sendRequestId } from "../client/request-id/request-id.js";
import { retry } from "../client/retry/retry.js";
import { auth } from "../server/auth/auth.js";
import { callerOf } from "../server/caller.js";
import { deadline } from "../server/deadline/deadline.js";
import { drain } from "../server/drain/drain.js";
import { logging } from "../server/logging/logging.js";
import { recovery } from "../server/recovery/recovery.js";
import { requestId } from "../server/request-id/request-id.js";
import { clientStack, serverStack } from "../standard-order.js";
import {
  answering,
  answers,
  callNatively,
  endingWith,
  kinds,
  type NativeHandlers,
  nativePingService,
  waiting,
} from "./native-ping.fixture.js";
import { serverCallOf } from "./server-call-of.js";
import { connectNatively, eventually, startNativeServer } from "./start-native-server.fixture.js";

const domain = "example";
const policy: MethodPolicy = {
  access: { kind: "authenticated", roles: [] },
  audit: false,
  defaultDeadlineMs: 30_000,
  maxDeadlineMs: 60_000,
};
const policies = new Map(Object.values(nativePingService).map(({ path }) => [path, policy]));

/** A logger that notes the statuses with which calls ended. */
function createLog() {
  const ends: unknown[] = [];
  const write = (line: object) => {
    if ("status" in line) {
      ends.push(line.status);
    }
  };
  const logger = { isLevelEnabled: () => true, trace: write, debug: write, info: write, warn: write, error: write };
  return { ends, logger };
}

/** A plain server and a plain client of grpc-js, with whole stacks of interceptors around both. */
async function start(handlers: Partial<NativeHandlers> = {}, token = "good") {
  const { ends, logger } = createLog();
  const failures: unknown[] = [];
  const draining = new AbortController();
  const stack = serverStack([
    requestId(),
    logging({ logger }),
    recovery({ domain, onError: (error) => failures.push(error) }),
    drain({ draining: draining.signal, overdue: new AbortController().signal, domain }),
    deadline({ policies }),
    auth({ policies, domain, sources: [readToken] }),
  ]);
  const clientInterceptors = clientStack([
    giveDeadline({ timeoutMs: 10_000 }),
    sendRequestId(),
    retry({ initialBackoffMs: 1, policies }),
    circuitBreaker({ domain }),
    sendToken({ provider: () => Promise.resolve({ token }) }),
  ]);
  const server = await startNativeServer({ interceptors: stack, handlers });
  const connect = (address: string) => connectNatively(address, clientInterceptors);
  const client = connect(server.address);
  const stop = async () => {
    client.close();
    await server[Symbol.asyncDispose]();
  };
  return { client, connect, address: server.address, ends, failures, draining, [Symbol.asyncDispose]: stop };
}

const readToken: Parameters<typeof auth>[0]["sources"][number] = ({ metadata }) => {
  if (metadata.get("authorization") !== "Bearer good") {
    throw new Error("not that one");
  }
  return { subject: "ada", roles: [], credential: "token" };
};

describe("whole stacks around a server and a client of grpc-js", () => {
  test.each(kinds)("serve a %s call, with an id and credentials", async (kind) => {
    await using kit = await start();
    const { messages, status } = await callNatively(kit.client, kind);
    expect(messages).toEqual(answers[kind]);
    expect(status.metadata.get("x-request-id")).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(kit.ends).toEqual(["OK"]);
  });

  test("tell a handler who is calling", async () => {
    const callers: (string | undefined)[] = [];
    const ping: NativeHandlers["ping"] = (call, callback) => {
      const served = serverCallOf(call);
      callers.push(served && callerOf(served)?.subject);
      answering.ping(call, callback);
    };
    await using kit = await start({ ping });
    await callNatively(kit.client, "unary");
    expect(callers).toEqual(["ada"]);
  });

  test.each(kinds)("refuse a %s call with other credentials", async (kind) => {
    await using kit = await start({}, "bad");
    const { status } = await callNatively(kit.client, kind);
    expect(status.code).toBe(grpc.status.UNAUTHENTICATED);
    expect(String(status.metadata.get("grpc-status-details-bin")[0])).toContain("CREDENTIALS_REJECTED");
  });

  test.each(kinds)("mask what the handler of a %s call throws", async (kind) => {
    await using kit = await start(endingWith({ message: "secret" }));
    const { status } = await callNatively(kit.client, kind);
    expect(status.code).toBe(grpc.status.INTERNAL);
    expect(status.details).not.toContain("secret");
    expect(kit.failures).toEqual([new Error("secret")]);
  });

  test.each(kinds)("end a %s call at the policy's longest deadline", async (kind) => {
    const shortly = new Map(
      [...policies.keys()].map((path) => [path, { ...policy, maxDeadlineMs: 50, defaultDeadlineMs: 50 }]),
    );
    const interceptors = serverStack([deadline({ policies: shortly })]);
    await using server = await startNativeServer({ interceptors, handlers: waiting(() => undefined) });
    const { status } = await callNatively(server.client, kind, { stayOpen: true, deadline: deadlineIn(60_000) });
    expect(status.code).toBe(grpc.status.DEADLINE_EXCEEDED);
  });

  test.each(kinds)("note a %s call that its client cancels, or whose connection breaks", async (kind) => {
    for (const way of ["cancel", "cut"] as const) {
      let end: () => void = () => undefined;
      const handlers = waiting(() => {
        setImmediate(() => {
          end();
        });
      });
      await using kit = await start(handlers);
      await using proxy = await startProxy(kit.address);
      const client = kit.connect(proxy.address);
      const onCall = (call: { cancel(): void }) => {
        end = () => {
          if (way === "cancel") {
            call.cancel();
          } else {
            proxy.cut();
          }
        };
      };
      const { status } = await callNatively(client, kind, { stayOpen: true, onCall });
      client.close();
      expect(status.code).toBe(way === "cancel" ? grpc.status.CANCELLED : grpc.status.UNAVAILABLE);
      await eventually(() => kit.ends.length > 0);
      expect(kit.ends).toEqual(["CANCELLED"]);
    }
  });

  test.each(kinds)("refuse a %s call while the server drains", async (kind) => {
    await using kit = await start();
    kit.draining.abort();
    const { status } = await callNatively(kit.client, kind);
    expect(status.code).toBe(grpc.status.UNAVAILABLE);
    expect(status.metadata.get("grpc-retry-pushback-ms")).toEqual(["1000"]);
  });
});
