import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "@jest/globals";
import {
  type ClientInterceptor,
  deadlineIn,
  type InterceptedClientCall,
  type ServerCall,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { deadline } from "../client/deadline/deadline.js";
import { retry } from "../client/retry/retry.js";
import {
  answers,
  callNatively,
  type EchoCall,
  endingWith,
  kinds,
  nativePingService,
  type PingCall,
} from "./native-ping.fixture.js";
import { serverCallOf } from "./server-call-of.js";
import {
  connectNatively,
  eventually,
  observe,
  startNativeServer,
  startNotingServer,
} from "./start-native-server.fixture.js";

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe("toNativeClientInterceptor", () => {
  test.each(kinds)("lets a %s call through, and shows its header and trailer", async (kind) => {
    const { calls, ends, interceptor } = observe<InterceptedClientCall>();
    await using kit = await startNotingServer(interceptor);
    const { messages, status, header } = await callNatively(kit.client, kind);
    expect(messages).toEqual(answers[kind]);
    expect(status.code).toBe(grpc.status.OK);
    expect(header?.get("x-header")).toEqual(["h"]);
    expect(status.metadata.get("x-trailer")).toEqual(["t"]);
    expect(ends).toEqual([Status.OK]);
    expect(calls[0]?.header?.get("x-header")).toBe("h");
    expect(calls[0]?.trailer?.get("x-trailer")).toBe("t");
    expect(calls[0]?.method).toMatchObject({ kind, service: "ping.v1.PingService" });
  });

  test.each(kinds)("shows a %s call's messages to hooks and counts them", async (kind) => {
    const requests: unknown[] = [];
    const responses: unknown[] = [];
    const watch: ClientInterceptor = () => async (call, next) => {
      await Promise.resolve(); // requests that are streamed arrive meanwhile
      call.onRequest((message) => void requests.push(message));
      call.onRequest(() => Promise.resolve());
      call.onResponse((message) => void responses.push(message));
      call.onResponse(() => Promise.resolve());
      await next();
      const { requestType, responseType } = call.method;
      expect(call.traffic).toMatchObject({
        requests: requests.length,
        requestBytes: sum(requests.map((request) => requestType.encode(request).finish().length)),
        responses: responses.length,
        responseBytes: sum(responses.map((response) => responseType.encode(response).finish().length)),
      });
      expect(call.request).toEqual(call.method.requestStream ? undefined : requests[0]);
      expect(call.response).toEqual(call.method.responseStream ? undefined : responses[0]);
    };
    await using kit = await startNotingServer(watch);
    const { messages, status } = await callNatively(kit.client, kind);
    expect(status).toMatchObject({ code: grpc.status.OK });
    expect(messages).toEqual(answers[kind]);
    expect(responses).toEqual(messages);
    expect(requests).toHaveLength(kind === "unary" || kind === "serverStreaming" ? 1 : 2);
  });

  test.each(kinds)("ends a %s call with what a hook throws", async (kind) => {
    const refuse = () => {
      throw new StatusError(Status.INVALID_ARGUMENT, "not this");
    };
    for (const hook of ["onRequest", "onResponse"] as const) {
      const watch: ClientInterceptor = () => (call, next) => {
        call[hook](refuse);
        return next();
      };
      await using kit = await startNotingServer(watch);
      const { status } = await callNatively(kit.client, kind);
      expect(status).toMatchObject({ code: grpc.status.INVALID_ARGUMENT, details: "not this" });
    }
  });

  test("cancels a call on the server that a hook ends", async () => {
    const refuse: ClientInterceptor = () => (call, next) => {
      call.onResponse(() => {
        throw new StatusError(Status.INVALID_ARGUMENT, "not this");
      });
      return next();
    };
    let cancelled = 0;
    const echo = (call: EchoCall) => {
      call.on("cancelled", () => cancelled++);
      call.write({ text: "unasked" });
    };
    await using server = await startNativeServer({ clientInterceptors: [refuse], handlers: { echo } });
    await callNatively(server.client, "bidiStreaming", { stayOpen: true });
    await eventually(() => cancelled > 0);
  });

  test.each(kinds)("lets a %s call through that was held for a while", async (kind) => {
    const hold: ClientInterceptor = () => async (_call, next) => {
      let turns = 0;
      await eventually(() => ++turns > 50);
      await next();
    };
    await using kit = await startNotingServer(hold);
    await expect(callNatively(kit.client, kind)).resolves.toMatchObject({ messages: answers[kind] });
  });

  test("heeds what the client asks of the channel", async () => {
    const change: ClientInterceptor = () => (call, next) => {
      call.metadata.set("x-own", "1");
      return next();
    };
    const client = connectNatively("127.0.0.1:1", [change]);
    const metadata = new grpc.Metadata({ waitForReady: true });
    const { status } = await callNatively(client, "unary", { metadata, deadline: deadlineIn(200) });
    client.close();
    expect(status.code).toBe(grpc.status.DEADLINE_EXCEEDED); // instead of UNAVAILABLE at once
  });

  test.each(kinds)(
    "ends a %s call after the hooks have seen its last message, however long they take",
    async (kind) => {
      const slow: ClientInterceptor = () => (call, next) => {
        let turns = 0;
        call.onResponse(() => eventually(() => ++turns % 50 === 0));
        return next();
      };
      await using kit = await startNotingServer(slow);
      const { messages, status } = await callNatively(kit.client, kind);
      expect(messages).toEqual(answers[kind]);
      expect(status.code).toBe(grpc.status.OK);
    },
  );

  test.each(kinds)("sends the metadata of a %s call as interceptors change it", async (kind) => {
    const change: ClientInterceptor = () => (call, next) => {
      call.metadata.set("x-own", `${call.metadata.get("x-own") ?? ""} and more`);
      return next();
    };
    await using kit = await startNotingServer(change);
    const metadata = new grpc.Metadata({ waitForReady: true });
    metadata.set("x-own", "own");
    await callNatively(kit.client, kind, { metadata });
    expect(kit.seen[0]?.metadata.get("x-own")).toBe("own and more");
    expect(metadata.get("x-own")).toEqual(["own"]);
  });

  test("leaves alone what of the metadata belongs to gRPC itself", async () => {
    const read: ClientInterceptor = () => (call, next) => {
      expect(call.metadata.size).toBe(0);
      return next();
    };
    const received: unknown[] = [];
    const ping = (call: PingCall, callback: grpc.sendUnaryData<unknown>) => {
      received.push(...call.metadata.get("grpc-tags-bin"));
      callback(null, { text: "" });
    };
    await using server = await startNativeServer({ clientInterceptors: [read], handlers: { ping } });
    const metadata = new grpc.Metadata();
    metadata.set("grpc-tags-bin", Buffer.of(1, 2));
    await callNatively(server.client, "unary", { metadata });
    expect(received).toEqual([Buffer.of(1, 2)]);
  });

  test.each(kinds)("gives a %s call the deadline that interceptors choose", async (kind) => {
    await using kit = await startNotingServer(deadline({ timeoutMs: 60_000 }));
    const inHalfAMinute = deadlineIn(30_000);
    await callNatively(kit.client, kind);
    await callNatively(kit.client, kind, { deadline: inHalfAMinute });
    const [given, own] = kit.seen.map((call) => Math.round(((call.deadline?.getTime() ?? 0) - Date.now()) / 10_000));
    expect([given, own]).toEqual([6, 3]);
  });

  test.each(kinds)("tells interceptors how a %s call failed, and the client the same", async (kind) => {
    const { ends, interceptor } = observe<InterceptedClientCall>();
    const metadata = new grpc.Metadata();
    metadata.set("x-why", "because");
    const handlers = endingWith({ code: grpc.status.NOT_FOUND, details: "no such thing", metadata });
    await using server = await startNativeServer({ clientInterceptors: [interceptor], handlers });
    const { status } = await callNatively(server.client, kind);
    expect(status).toMatchObject({ code: grpc.status.NOT_FOUND, details: "no such thing" });
    expect(status.metadata.get("x-why")).toEqual(["because"]);
    expect(ends).toEqual([Status.NOT_FOUND]);
  });

  test.each(kinds)("answers a %s call in place of the server", async (kind) => {
    const seen: unknown[] = [];
    const answer: ClientInterceptor =
      ({ responseStream }) =>
      async (call) => {
        call.onResponse((message) => void seen.push(message));
        await call.respond(responseStream ? answers[kind] : answers[kind][0]);
      };
    const client = connectNatively("127.0.0.1:1", [answer]);
    const { messages, status } = await callNatively(client, kind);
    client.close();
    expect(messages).toEqual(answers[kind]);
    expect(seen).toEqual(answers[kind]);
    expect(status.code).toBe(grpc.status.OK);
  });

  test.each([
    ["a status", new StatusError(Status.UNAUTHENTICATED, "sign in"), grpc.status.UNAUTHENTICATED, "sign in"],
    ["a mistake", new Error("a mistake"), grpc.status.UNKNOWN, "Error: a mistake"],
  ])("ends a call with %s that an interceptor throws", async (_case, error, code, details) => {
    for (const kind of kinds) {
      const client = connectNatively("127.0.0.1:1", [() => () => Promise.reject(error)]);
      await expect(callNatively(client, kind)).resolves.toMatchObject({ status: { code, details } });
      client.close();
    }
  });

  test("repeats a unary call", async () => {
    const { ends, interceptor } = observe<InterceptedClientCall>();
    let failuresLeft = 2;
    const ping = (call: PingCall, callback: grpc.sendUnaryData<unknown>) => {
      const error = { code: grpc.status.UNAVAILABLE, details: "not yet" };
      callback(failuresLeft-- > 0 ? error : null, { text: call.request.text });
    };
    const clientInterceptors = [retry({ initialBackoffMs: 1 }), interceptor];
    const services = [PingServiceDefinition];
    await using server = await startNativeServer({ clientInterceptors, handlers: { ping }, services });
    const { messages } = await callNatively(server.client, "unary");
    expect(messages).toEqual(answers.unary);
    expect(ends).toEqual([Status.UNAVAILABLE, Status.UNAVAILABLE, Status.OK]);
  });

  test.each(kinds.slice(1))("does not repeat a %s call", async (kind) => {
    const twice: ClientInterceptor = () => async (_call, next) => {
      await next();
      await next();
    };
    await using kit = await startNotingServer(twice);
    const { status } = await callNatively(kit.client, kind);
    expect(status).toMatchObject({ code: grpc.status.UNKNOWN });
    expect(status.details).toContain("next was called again");
  });

  test("knows the parent of a call where the server is adapted as well", async () => {
    const { calls, interceptor } = observe<InterceptedClientCall>();
    await using target = await startNativeServer({ clientInterceptors: [interceptor] });
    const parents: (ServerCall | undefined)[] = [];
    const ping = (parent: PingCall, callback: grpc.sendUnaryData<unknown>) => {
      parents.push(serverCallOf(parent));
      void callNatively(target.client, "unary", { parent }).then(() => {
        callback(null, { text: "" });
      });
    };
    await using server = await startNativeServer({ handlers: { ping } });
    await callNatively(server.client, "unary");
    expect(parents[0]).toBeDefined();
    expect(calls[0]?.parent).toBe(parents[0]);
  });

  test("passes on who the server is", async () => {
    await using kit = await startNotingServer();
    const peers: string[] = [];
    const { path, requestSerialize, responseDeserialize } = nativePingService.ping;
    await new Promise((resolve) => {
      const done = () => {
        peers.push(call.getPeer());
        resolve(undefined);
      };
      const call = kit.client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { text: "a" }, done);
      peers.push(call.getPeer());
      expect(call.getAuthContext()).toBeNull();
    });
    expect(peers[1]).toMatch(/^127\.0\.0\.1:\d+$/);
  });
});
