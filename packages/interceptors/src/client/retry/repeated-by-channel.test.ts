import { describe, expect, test } from "@jest/globals";
import { type MethodConfig, methodOf, type ServiceConfig } from "@rollcall/rpc";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { isRepeatedByChannel } from "./repeated-by-channel.js";

const ping = methodOf(PingServiceDefinition, PingServiceDefinition.methods.ping);

const configFor = (method: string, policy: Omit<MethodConfig, "name">): ServiceConfig => ({
  methodConfig: [
    { name: [{ service: "ping.v1.PingService", method: "Collect" }] },
    { name: [name(method)], ...policy },
  ],
});
const name = (method: string) => ({ service: "ping.v1.PingService", method });

const retryPolicy = (...retryableStatusCodes: string[]) => ({
  retryPolicy: {
    maxAttempts: 2,
    initialBackoff: "1s",
    maxBackoff: "1s",
    backoffMultiplier: 1,
    retryableStatusCodes,
  } as const,
});
const hedgingPolicy = (...nonFatalStatusCodes: string[]) => ({
  hedgingPolicy: { maxAttempts: 2, hedgingDelay: "1s", nonFatalStatusCodes } as const,
});

describe("isRepeatedByChannel", () => {
  test.each([
    ["repeats", configFor("Ping", retryPolicy("ABORTED", "UNAVAILABLE")), true],
    ["hedges", configFor("Ping", hedgingPolicy("UNAVAILABLE")), true],
    ["repeats, for other failures,", configFor("Ping", retryPolicy("ABORTED")), false],
    ["hedges, but not for this failure,", configFor("Ping", hedgingPolicy()), false],
    ["only bounds", configFor("Ping", { timeout: "5s" }), false],
    ["does not know", configFor("Count", retryPolicy("UNAVAILABLE")), false],
  ])("knows a method that the channel %s", (_case, serviceConfig, expected) => {
    expect(isRepeatedByChannel(ping, serviceConfig)).toBe(expected);
  });

  test("takes a channel without a configuration to repeat nothing", () => {
    expect(isRepeatedByChannel(ping, undefined)).toBe(false);
  });
});
