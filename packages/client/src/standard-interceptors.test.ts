import * as openTelemetry from "@opentelemetry/api";
import { logging } from "@rollcall/interceptors/client/logging";
import { retry } from "@rollcall/interceptors/client/retry";
import type { ClientInterceptor } from "@rollcall/rpc";
import { describe, expect, test } from "@jest/globals";
import { serviceConfigOf } from "./service-config.js";
import { type InterceptorOptions, standardInterceptors } from "./standard-interceptors.js";

const silent = () => undefined;
const logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
const auth: ClientInterceptor = Object.assign(() => undefined, { concern: "auth" });
const own: ClientInterceptor = Object.assign(() => undefined, { concern: "own" });

function concernsOf(options: InterceptorOptions) {
  const serviceConfig = serviceConfigOf(false);
  return standardInterceptors({ address: "127.0.0.1:1", serviceConfig, auth, ...options }).map(
    ({ concern }) => concern ?? "unnamed",
  );
}

describe("standardInterceptors", () => {
  test("are there without being asked for, in the standard order", () => {
    expect(concernsOf({})).toEqual(["deadline", "requestId", "retry", "circuitBreaker", "auth"]);
  });

  test("stand around all attempts at a call where they are the program's own", () => {
    expect(concernsOf({ interceptors: [own] })).toEqual([
      ...["deadline", "requestId", "own", "retry", "circuitBreaker", "auth"],
    ]);
  });

  test("tell of calls, and of the attempts at them, whom they are told to", () => {
    const meter = openTelemetry.metrics.getMeter("test");
    expect(concernsOf({ logger, meter, tracing: { openTelemetry } })).toEqual([
      ...["deadline", "requestId", "tracing", "metrics", "logging", "retry", "circuitBreaker", "auth"],
      ...["unnamed", "unnamed"],
    ]);
  });

  test.each([
    ["twice", [retry()], "retry is there twice"],
    ["where they cannot do their work", [retry(), logging({ logger })], "retry stands around logging"],
  ])("are refused %s", (_case, interceptors, sentence) => {
    expect(() => concernsOf({ interceptors })).toThrow(sentence);
  });
});
