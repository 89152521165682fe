import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "@jest/globals";
import { deadlineIn, type InterceptedServerCall, type ServerInterceptor, Status, StatusError } from "@rollcall/rpc";
import { connectRawClient, createFakeClock, grpcFrame, startProxy } from "@rollcall/testing";
import { callNatively, kinds, paths, type PingCall, waiting } from "./native-ping.fixture.js";
import { connectNatively, eventually, observe, startNativeServer } from "./start-native-server.fixture.js";

describe("a call that ends early", () => {
  test.each(kinds)("tells interceptors when the client of a %s call cancels", async (kind) => {
    const { calls, ends, interceptor } = observe<InterceptedServerCall>();
    const cancel: (() => void)[] = [];
    let cancelled = 0;
    const handlers = waiting((call) => {
      call.on("cancelled", () => cancelled++);
      cancel.forEach((end) => {
        end();
      });
    });
    await using server = await startNativeServer({ interceptors: [interceptor], handlers });
    const onCall = (call: { cancel(): void }) => {
      cancel.push(() => {
        call.cancel();
      });
    };
    const { status } = await callNatively(server.client, kind, { stayOpen: true, onCall });
    expect(status.code).toBe(grpc.status.CANCELLED);
    await eventually(() => ends.length > 0 && cancelled > 0);
    expect(ends).toEqual([Status.CANCELLED]);
    expect(calls[0]?.signal.reason).toMatchObject({ code: Status.CANCELLED });
  });

  test.each(kinds)("tells interceptors when the connection of a %s call breaks", async (kind) => {
    const { ends, interceptor } = observe<InterceptedServerCall>();
    const handlers = waiting(() => {
      proxy.cut();
    });
    await using server = await startNativeServer({ interceptors: [interceptor], handlers });
    await using proxy = await startProxy(server.address);
    const client = connectNatively(proxy.address);
    const { status } = await callNatively(client, kind, { stayOpen: true });
    client.close();
    expect(status.code).toBe(grpc.status.UNAVAILABLE);
    await eventually(() => ends.length > 0);
    expect(ends).toEqual([Status.CANCELLED]);
  });

  test.each([
    ["no request", [], Status.UNIMPLEMENTED],
    ["two requests", [grpcFrame(new Uint8Array()), grpcFrame(new Uint8Array())], Status.UNIMPLEMENTED],
    ["a request that cannot be read", [grpcFrame(Uint8Array.of(0xff))], Status.INTERNAL],
  ])("is refused by grpc-js where it takes one request and brings %s", async (_case, body, code) => {
    const { calls, interceptor } = observe<InterceptedServerCall>();
    await using server = await startNativeServer({ interceptors: [interceptor] });
    await using raw = await connectRawClient(server.address);
    await expect(raw.call("/ping.v1.PingService/Ping", { body })).resolves.toMatchObject({ grpcStatus: code });
    expect(calls).toEqual([]);
  });

  test.each(kinds)("tells interceptors when the deadline of a %s call has passed", async (kind) => {
    const { calls, ends, interceptor } = observe<InterceptedServerCall>();
    const handlers = waiting(() => undefined);
    await using server = await startNativeServer({ interceptors: [interceptor], handlers });
    await using patient = await connectRawClient(server.address); // one that waits for the server to end the call
    const headers = { "grpc-timeout": "50m" };
    const earliestMs = Date.now() + 50;
    const answer = await patient.call(paths[kind], { headers, body: [grpcFrame(new Uint8Array())] });
    expect(answer.grpcStatus).toBe(Status.DEADLINE_EXCEEDED);
    await eventually(() => ends.length > 0);
    expect(ends).toEqual([Status.DEADLINE_EXCEEDED]);
    expect(calls[0]?.deadline?.getTime()).toBeGreaterThanOrEqual(earliestMs);
    expect(calls[0]?.deadline?.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test.each(kinds)("ends a %s call at a nearer deadline, though the handler does not heed it", async (kind) => {
    const { ends, interceptor } = observe<InterceptedServerCall>();
    let cancelled = 0;
    const handlers = waiting((call) => call.on("cancelled", () => cancelled++));
    const limit: ServerInterceptor = () => (call, next) => {
      call.limitDeadline(deadlineIn(50));
      call.limitDeadline(deadlineIn(60_000));
      return next();
    };
    await using server = await startNativeServer({ interceptors: [limit, interceptor], handlers });
    const { status } = await callNatively(server.client, kind, { stayOpen: true, deadline: deadlineIn(60_000) });
    expect(status).toMatchObject({
      code: grpc.status.DEADLINE_EXCEEDED,
      details: "the deadline of the call has passed",
    });
    await eventually(() => cancelled > 0);
    expect(ends).toEqual([Status.DEADLINE_EXCEEDED]);
  });

  test.each(kinds)("ends a %s call that an interceptor aborts, even one that is held up", async (kind) => {
    const { sleep } = createFakeClock();
    const abort: ServerInterceptor = () => (call, next) => {
      setImmediate(() => {
        call.abort(new StatusError(Status.UNAVAILABLE, "going away"));
      });
      return next();
    };
    const hold: ServerInterceptor = () => async (call, next) => {
      await sleep(1, new AbortController().signal);
      await next();
      call.header.set("x-never", "1");
    };
    for (const interceptors of [[abort], [abort, hold]]) {
      await using server = await startNativeServer({ interceptors, handlers: waiting(() => undefined) });
      const { status } = await callNatively(server.client, kind, { stayOpen: true });
      expect(status).toMatchObject({ code: grpc.status.UNAVAILABLE, details: "going away" });
    }
  });

  test.each(kinds)("does not mind what the handler of a %s call does after its end", async (kind) => {
    const late: (() => void)[] = [];
    const limit: ServerInterceptor = () => (call, next) => {
      call.limitDeadline(deadlineIn(20));
      return next();
    };
    const answerLate = (call: PingCall, callback: grpc.sendUnaryData<unknown>) => {
      late.push(() => {
        callback(null, { text: call.request.text, texts: [] });
      });
    };
    const handlers = { ...waiting(() => undefined), ping: answerLate };
    await using server = await startNativeServer({ interceptors: [limit], handlers });
    const { status } = await callNatively(server.client, kind, { stayOpen: true });
    expect(status.code).toBe(grpc.status.DEADLINE_EXCEEDED);
    late.forEach((answer) => {
      answer();
    });
  });

  test.each(kinds)("never reaches the handler of a %s call that ended while interceptors held it", async (kind) => {
    let handled = 0;
    const { ends, interceptor } = observe<InterceptedServerCall>();
    const hold: ServerInterceptor = () => async (call, next) => {
      call.limitDeadline(deadlineIn(20));
      await new Promise((resolve) => {
        call.signal.addEventListener("abort", resolve);
      });
      await next();
    };
    const handlers = waiting(() => handled++);
    await using server = await startNativeServer({ interceptors: [interceptor, hold], handlers });
    const { status } = await callNatively(server.client, kind, { stayOpen: true });
    expect(status.code).toBe(grpc.status.DEADLINE_EXCEEDED);
    expect(ends).toEqual([Status.DEADLINE_EXCEEDED]);
    expect(handled).toBe(0);
  });

  test("stops an interceptor that answers, and waits for a client which does not read on", async () => {
    const { ends, interceptor } = observe<InterceptedServerCall>();
    const answer: ServerInterceptor = () => (call) => {
      proxy.stall();
      call.limitDeadline(deadlineIn(50));
      return call.respond([{ number: 1, padding: new Uint8Array(1_000_000) }]);
    };
    await using server = await startNativeServer({ interceptors: [interceptor, answer] });
    await using proxy = await startProxy(server.address);
    const client = connectNatively(proxy.address);
    const answered = callNatively(client, "serverStreaming");
    await eventually(() => ends.length > 0);
    expect(ends).toEqual([Status.DEADLINE_EXCEEDED]);
    proxy.resume();
    await expect(answered).resolves.toMatchObject({ status: { code: grpc.status.DEADLINE_EXCEEDED } });
    client.close();
  });
});
