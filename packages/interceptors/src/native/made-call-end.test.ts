import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "@jest/globals";
import { type ClientInterceptor, deadlineIn, type InterceptedClientCall, Status } from "@rollcall/rpc";
import { startProxy } from "@rollcall/testing";
import { callNatively, type CountCall, kinds, waiting } from "./native-ping.fixture.js";
import { connectNatively, observe, startNativeServer, startNotingServer } from "./start-native-server.fixture.js";

describe("a native client's call that ends early", () => {
  test.each(kinds)("tells interceptors when the client of a %s call cancels", async (kind) => {
    const { calls, ends, interceptor } = observe<InterceptedClientCall>();
    const cancel: (() => void)[] = [];
    const handlers = waiting(() => {
      cancel.forEach((end) => {
        end();
      });
    });
    await using server = await startNativeServer({ clientInterceptors: [interceptor], handlers });
    const onCall = (call: { cancel(): void }) => {
      cancel.push(() => {
        call.cancel();
      });
    };
    const { status } = await callNatively(server.client, kind, { stayOpen: true, onCall });
    expect(status).toMatchObject({ code: grpc.status.CANCELLED, details: "Cancelled on client" });
    expect(ends).toEqual([Status.CANCELLED]);
    expect(calls[0]?.signal.reason).toMatchObject({ code: Status.CANCELLED, received: true });
  });

  test.each(kinds)("never makes a %s call that is cancelled before interceptors let it through", async (kind) => {
    const wait: ClientInterceptor = () => async (call, next) => {
      await new Promise((resolve) => {
        call.signal.addEventListener("abort", resolve);
      });
      await next();
    };
    await using kit = await startNotingServer(wait);
    const onCall = (call: { cancel(): void }) => {
      setImmediate(() => {
        call.cancel();
      });
    };
    const { status } = await callNatively(kit.client, kind, { stayOpen: true, onCall });
    expect(status).toMatchObject({ code: grpc.status.CANCELLED, details: "Cancelled on client" });
    expect(kit.seen).toEqual([]);
  });

  test.each(kinds)("tells interceptors when the deadline of a %s call has passed", async (kind) => {
    const { ends, interceptor } = observe<InterceptedClientCall>();
    const handlers = waiting(() => undefined);
    await using server = await startNativeServer({ clientInterceptors: [interceptor], handlers });
    const { status } = await callNatively(server.client, kind, { stayOpen: true, deadline: deadlineIn(100) });
    expect(status.code).toBe(grpc.status.DEADLINE_EXCEEDED);
    expect(ends).toEqual([Status.DEADLINE_EXCEEDED]);
  });

  test.each(kinds)("tells interceptors when the connection of a %s call breaks", async (kind) => {
    const { ends, interceptor } = observe<InterceptedClientCall>();
    const handlers = waiting(() => {
      proxy.cut();
    });
    await using server = await startNativeServer({ handlers });
    await using proxy = await startProxy(server.address);
    const client = connectNatively(proxy.address, [interceptor]);
    const { status } = await callNatively(client, kind, { stayOpen: true });
    client.close();
    expect(status.code).toBe(grpc.status.UNAVAILABLE);
    expect(ends).toEqual([Status.UNAVAILABLE]);
  });

  test("tells interceptors when a stream breaks off, after what came before", async () => {
    const { ends, interceptor } = observe<InterceptedClientCall>();
    const count = (call: CountCall) => {
      call.write({ number: 1, padding: new Uint8Array() }, () => {
        call.emit("error", { code: grpc.status.DATA_LOSS, details: "torn" });
      });
    };
    await using server = await startNativeServer({ clientInterceptors: [interceptor], handlers: { count } });
    const { messages, status } = await callNatively(server.client, "serverStreaming");
    expect(messages).toHaveLength(1);
    expect(status).toMatchObject({ code: grpc.status.DATA_LOSS, details: "torn" });
    expect(ends).toEqual([Status.DATA_LOSS]);
  });

  test("stops to answer in place of the server once its client cancels", async () => {
    let given = 0;
    const answer: ClientInterceptor = () => (call) =>
      call.respond(
        (async function* () {
          for (;;) {
            given++;
            yield await Promise.resolve({ number: given, padding: new Uint8Array() });
          }
        })(),
      );
    const client = connectNatively("127.0.0.1:1", [answer]);
    const onCall = (call: NodeJS.EventEmitter & { cancel(): void }) => {
      call.once("data", () => {
        call.cancel();
      });
    };
    const { status } = await callNatively(client, "serverStreaming", { onCall });
    client.close();
    expect(status.code).toBe(grpc.status.CANCELLED);
    expect(given).toBeLessThan(100);
  });
});
