import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "@jest/globals";
import { createCallKey, type InterceptedServerCall, type ServerInterceptor, Status, StatusError } from "@rollcall/rpc";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { recovery } from "../server/recovery/recovery.js";
import { when } from "../when.js";
import {
  answers,
  callNatively,
  type CountCall,
  endingWith,
  kinds,
  type PingCall,
  waiting,
} from "./native-ping.fixture.js";
import { serverCallOf } from "./server-call-of.js";
import { observe, startNativeServer } from "./start-native-server.fixture.js";

describe("toNativeServerInterceptor", () => {
  test.each(kinds)("lets a %s call through", async (kind) => {
    const { calls, ends, interceptor } = observe<InterceptedServerCall>();
    await using server = await startNativeServer({ interceptors: [interceptor] });
    const { messages, status } = await callNatively(server.client, kind);
    expect(messages).toEqual(answers[kind]);
    expect(status.code).toBe(grpc.status.OK);
    expect(ends).toEqual([Status.OK]);
    expect(calls[0]?.method).toMatchObject({ kind, service: "ping.v1.PingService", idempotencyLevel: undefined });
  });

  test.each(kinds)("shows a %s call's messages to hooks and counts them", async (kind) => {
    const requests: unknown[] = [];
    const responses: unknown[] = [];
    const watch: ServerInterceptor = () => async (call, next) => {
      call.onRequest((message) => void requests.push(message));
      call.onRequest(() => Promise.resolve());
      call.onResponse((message) => void responses.push(message));
      call.onResponse(() => Promise.resolve());
      await next();
      expect(call.traffic).toMatchObject({ requests: requests.length, requestBytes: 0, responseBytes: 0 });
      expect(call.request).toEqual(call.method.requestStream ? undefined : requests[0]);
      expect(call.response).toEqual(call.method.responseStream ? undefined : responses[0]);
    };
    await using server = await startNativeServer({ interceptors: [watch] });
    const { messages, status } = await callNatively(server.client, kind);
    expect(status).toMatchObject({ code: grpc.status.OK });
    expect(messages).toEqual(answers[kind]);
    expect(responses).toHaveLength(messages.length);
    expect(requests).toHaveLength(kind === "unary" || kind === "serverStreaming" ? 1 : 2);
  });

  test.each(kinds)("ends a %s call with what a hook throws", async (kind) => {
    const refuse = () => {
      throw new StatusError(Status.INVALID_ARGUMENT, "not this");
    };
    for (const hook of ["onRequest", "onResponse"] as const) {
      const watch: ServerInterceptor = () => (call, next) => {
        call[hook](refuse);
        return next();
      };
      await using server = await startNativeServer({ interceptors: [watch] });
      const { status } = await callNatively(server.client, kind);
      expect(status).toMatchObject({ code: grpc.status.INVALID_ARGUMENT, details: "not this" });
    }
  });

  test.each(kinds)("ends a %s call before its handler runs, with reason and delay", async (kind) => {
    let handled = 0;
    const errorInfo = { reason: "CREDENTIALS_REQUIRED", domain: "example", metadata: {} };
    const refuse: ServerInterceptor = () => () =>
      Promise.reject(
        new StatusError(Status.UNAUTHENTICATED, "who are you", { errorDetails: { errorInfo }, retryDelayMs: 7 }),
      );
    const handlers = waiting(() => handled++);
    await using server = await startNativeServer({ interceptors: [refuse], handlers });
    const { status } = await callNatively(server.client, kind);
    expect(status).toMatchObject({ code: grpc.status.UNAUTHENTICATED, details: "who are you" });
    expect(String(status.metadata.get("grpc-status-details-bin")[0])).toContain("CREDENTIALS_REQUIRED");
    expect(status.metadata.get("grpc-retry-pushback-ms")).toEqual(["7"]);
    expect(handled).toBe(0);
  });

  test.each(kinds)("tells interceptors how the handler of a %s call failed", async (kind) => {
    const { ends, interceptor } = observe<InterceptedServerCall>();
    const metadata = new grpc.Metadata();
    metadata.set("x-why", "because");
    const handlers = endingWith({ code: grpc.status.NOT_FOUND, details: "no such thing", metadata });
    await using server = await startNativeServer({ interceptors: [interceptor], handlers });
    const { status } = await callNatively(server.client, kind);
    expect(status).toMatchObject({ code: grpc.status.NOT_FOUND, details: "no such thing" });
    expect(status.metadata.get("x-why")).toEqual(["because"]);
    expect(ends).toEqual([Status.NOT_FOUND]);
  });

  test.each(kinds)(
    "keeps what the handler of a %s call sends beside a failure to which interceptors add",
    async (kind) => {
      const add: ServerInterceptor = () => (_call, next) =>
        next().catch((error: unknown) => {
          const { code, details } = error as StatusError; // the handler's
          throw new StatusError(code, details, { retryDelayMs: 5 });
        });
      const metadata = new grpc.Metadata();
      metadata.set("x-why", "because");
      metadata.set("grpc-retry-pushback-ms", "9");
      const handlers = endingWith({ code: grpc.status.UNAVAILABLE, details: "later", metadata });
      await using server = await startNativeServer({ interceptors: [add], handlers });
      const { status } = await callNatively(server.client, kind);
      expect(status.metadata.get("x-why")).toEqual(["because"]);
      expect(status.metadata.get("grpc-retry-pushback-ms")).toEqual(["5"]);
    },
  );

  test.each(kinds)("leaves what the handler of a %s call throws as it is where nobody masks it", async (kind) => {
    await using server = await startNativeServer({ handlers: endingWith({ message: "public" }) });
    const { status } = await callNatively(server.client, kind);
    expect(status).toMatchObject({ code: grpc.status.UNKNOWN, details: "public" });
  });

  test("sends the header of a stream without messages", async () => {
    const add: ServerInterceptor = () => (call, next) => {
      call.header.set("x-header", "h");
      return next();
    };
    const handlers = { count: (call: CountCall) => void call.end() };
    await using server = await startNativeServer({ interceptors: [add], handlers });
    const { header, messages } = await callNatively(server.client, "serverStreaming");
    expect(messages).toEqual([]);
    expect(header?.get("x-header")).toEqual(["h"]);
  });

  test.each(kinds)("lets recovery mask the failure of the handler of a %s call", async (kind) => {
    const failures: unknown[] = [];
    const recover = recovery({
      domain: "example",
      onError: (error) => failures.push(error),
      createRequestId: () => "id-1",
    });
    const handlers = endingWith({ message: "secret" });
    await using server = await startNativeServer({ interceptors: [recover], handlers });
    const { status } = await callNatively(server.client, kind);
    expect(status.code).toBe(grpc.status.INTERNAL);
    expect(status.details).toContain("id-1");
    expect(status.details).not.toContain("secret");
    expect(failures).toEqual([new Error("secret")]);
  });

  test.each(kinds)("masks what an interceptor of a %s call throws by mistake", async (kind) => {
    const failures: unknown[] = [];
    const mistake = new Error("secret");
    const fail: ServerInterceptor = () => () => Promise.reject(mistake);
    const onUnexpectedError = (error: unknown) => failures.push(error);
    await using server = await startNativeServer({ interceptors: [fail], onUnexpectedError });
    const { status } = await callNatively(server.client, kind);
    expect(status).toMatchObject({ code: grpc.status.INTERNAL, details: "the server failed unexpectedly" });
    expect(failures).toEqual([mistake]);
  });

  test.each(kinds)("answers a %s call in place of its handler", async (kind) => {
    const answer: ServerInterceptor =
      ({ responseStream }) =>
      async (call) => {
        await call.respond(responseStream ? answers[kind] : answers[kind][0]);
        call.trailer.set("x-by", "interceptor");
      };
    await using server = await startNativeServer({ interceptors: [answer], handlers: waiting(() => undefined) });
    const { messages, status } = await callNatively(server.client, kind);
    expect(messages).toEqual(answers[kind]);
    expect(status.metadata.get("x-by")).toEqual(["interceptor"]);
  });

  test.each(kinds)("joins the header and trailer of a %s call's handler and of interceptors", async (kind) => {
    const add: ServerInterceptor = () => async (call, next) => {
      expect(call.metadata.get("x-from")).toBe("client");
      call.header.set("etag", "interceptor").set("x-header", "h");
      await next();
      call.trailer.set("x-trailer", "t");
    };
    const own = new grpc.Metadata();
    own.set("etag", "handler");
    const handlers = {
      ping: (call: PingCall, callback: grpc.sendUnaryData<unknown>) => {
        call.sendMetadata(own);
        callback(null, { text: call.request.text }, own);
      },
    };
    await using server = await startNativeServer({ interceptors: [add], handlers });
    const metadata = new grpc.Metadata();
    metadata.set("x-from", "client");
    const { header, status } = await callNatively(server.client, kind, { metadata });
    expect(header?.get("x-header")).toEqual(["h"]);
    expect(header?.get("etag")).toEqual([kind === "unary" ? "handler, interceptor" : "interceptor"]);
    expect(status.metadata.get("x-trailer")).toEqual(["t"]);
    expect(status.metadata.get("etag")).toEqual(kind === "unary" ? ["handler"] : []);
  });

  test("gives the handler the values of the call", async () => {
    const key = createCallKey("name", "nobody");
    const name: ServerInterceptor = () => (call, next) => {
      call.values.set(key, "Ada");
      return next();
    };
    const handlers = {
      ping: (call: PingCall, callback: grpc.sendUnaryData<unknown>) => {
        callback(null, { text: serverCallOf(call)?.values.get(key) });
      },
    };
    await using server = await startNativeServer({ interceptors: [name], handlers });
    await expect(callNatively(server.client, "unary")).resolves.toMatchObject({ messages: [{ text: "Ada" }] });
    expect(serverCallOf({ metadata: new grpc.Metadata() })).toBeUndefined();
  });

  test("knows methods whose service it is given, and tells what it lacks of others", async () => {
    const { calls, interceptor } = observe<InterceptedServerCall>();
    await using known = await startNativeServer({ interceptors: [interceptor], services: [PingServiceDefinition] });
    await using unknown = await startNativeServer({ interceptors: [interceptor] });
    await callNatively(known.client, "unary");
    expect(calls[0]?.traffic).toMatchObject({ requests: 1, requestBytes: 3, responses: 1, responseBytes: 3 });
    await callNatively(unknown.client, "unary");
    expect(calls[0]?.method.idempotencyLevel).toBe("NO_SIDE_EFFECTS");
    expect(() => calls[1]?.method.requestType.decode(new Uint8Array())).toThrow("name its service's definition");
  });

  test("tells of the peer and the connection", async () => {
    const { calls, interceptor } = observe<InterceptedServerCall>();
    await using server = await startNativeServer({ interceptors: [interceptor] });
    await callNatively(server.client, "unary");
    expect(calls[0]?.peer).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(calls[0]?.connection).toEqual({ encrypted: false, clientCertificate: undefined });
  });

  test("composes for each method once, and leaves out what does not concern it", async () => {
    const asked: string[] = [];
    const interceptor: ServerInterceptor = ({ name }) => {
      asked.push(name);
      return undefined;
    };
    await using server = await startNativeServer({ interceptors: [when(["/ping.v1.PingService/Ping"], interceptor)] });
    for (const kind of [...kinds, ...kinds]) {
      await expect(callNatively(server.client, kind)).resolves.toMatchObject({ messages: answers[kind] });
    }
    expect(asked).toEqual(["Ping"]);
  });

  test("runs what is within once", async () => {
    const twice: ServerInterceptor = () => async (_call, next) => {
      await next();
      await next();
    };
    const failures: unknown[] = [];
    const onUnexpectedError = (error: unknown) => failures.push(error);
    await using server = await startNativeServer({ interceptors: [twice], onUnexpectedError });
    await expect(callNatively(server.client, "unary")).resolves.toMatchObject({
      status: { code: grpc.status.INTERNAL },
    });
    expect(String(failures[0])).toContain("next was called again for /ping.v1.PingService/Ping");
  });
});
