import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "@jest/globals";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import { rejection } from "../waiting.fixture.js";
import { callByName, methodNames } from "./call-by-name.fixture.js";
import { startNoteServer } from "./start-note-server.fixture.js";
import { fromStatusObject, toStatusObject } from "./status-object.js";

const pushbackKey = "grpc-retry-pushback-ms";
const longestMs = 2 ** 31 - 1;
const retryAfter = (seconds: bigint, nanos = 0) => ({ retryInfo: { retryDelay: { seconds, nanos } } });

function received(pushback: string): StatusError {
  const metadata = new grpc.Metadata();
  metadata.set(pushbackKey, pushback);
  return fromStatusObject({ code: grpc.status.UNAVAILABLE, details: "later", metadata });
}

describe("how long to wait before the next attempt", () => {
  test.each([
    ["nothing", undefined, []],
    ["0", 0, ["0"]],
    ["a whole number", 1_500, ["1500"]],
    ["a fraction, rounded", 0.6, ["1"]],
    ["less than nothing, as at once", -5, ["0"]],
    ["more than 32 bits hold, as the most", 1e12, [String(longestMs)]],
    ["for ever, as never", Infinity, ["-1"]],
    ["no number, as never", NaN, ["-1"]],
  ])("is sent for %s", (_case, retryDelayMs, expected) => {
    const error = new StatusError(Status.UNAVAILABLE, "later", { retryDelayMs });
    expect(toStatusObject(error, undefined).metadata.get(pushbackKey)).toEqual(expected);
  });

  test("is sent for a RetryInfo, unless something else is said", () => {
    const errorDetails = retryAfter(2n, 500_000_000);
    const sent = (error: StatusError) => toStatusObject(error, undefined).metadata.get(pushbackKey);
    expect(sent(new StatusError(Status.UNAVAILABLE, "later", { errorDetails }))).toEqual(["2500"]);
    expect(sent(new StatusError(Status.UNAVAILABLE, "later", { errorDetails, retryDelayMs: 7 }))).toEqual(["7"]);
    expect(sent(new StatusError(Status.UNAVAILABLE, "later", { errorDetails, retryDelayMs: Infinity }))).toEqual([
      "-1",
    ]);
  });

  test.each([
    ["0", 0],
    ["1500", 1_500],
    ["007", 7],
    [String(longestMs), longestMs],
    ["-1", Infinity],
    ["-2147483648", Infinity],
    [String(longestMs + 1), Infinity],
    ["99999999999999999999", Infinity],
    ["", Infinity],
    [" 5", Infinity],
    ["+5", Infinity],
    ["1.5", Infinity],
    ["1e3", Infinity],
    ["0x10", Infinity],
    ["5, 5", Infinity],
    ["soon", Infinity],
  ])("is read from %j as %p", (pushback, expected) => {
    expect(received(pushback).retryDelayMs).toBe(expected);
  });

  test("is undefined where nothing was said", () => {
    const status = { code: grpc.status.UNAVAILABLE, details: "later", metadata: new grpc.Metadata() };
    expect(fromStatusObject(status).retryDelayMs).toBeUndefined();
    expect(new StatusError(Status.UNAVAILABLE, "later").retryDelayMs).toBeUndefined();
  });

  test.each([
    ["a RetryInfo", retryAfter(3n), 3_000],
    ["one of less than a millisecond", retryAfter(0n, 1_000), 0.001],
    ["one that lies in the past", retryAfter(-3n), 0],
    ["one without a delay", { retryInfo: {} }, undefined],
  ])("is told by %s", (_case, errorDetails, expected) => {
    expect(new StatusError(Status.UNAVAILABLE, "later", { errorDetails }).retryDelayMs).toBe(expected);
  });

  test.each(methodNames)("reaches the client of %s beside the details", async (name) => {
    const error = new StatusError(Status.RESOURCE_EXHAUSTED, "slowly", { errorDetails: retryAfter(1n) });
    const fail = () => {
      throw error;
    };
    await using server = await startNoteServer({ say: fail, list: fail, collect: fail, chat: fail });
    await expect(rejection(callByName(server, name))).resolves.toMatchObject({
      retryDelayMs: 1_000,
      errorDetails: retryAfter(1n),
    });
  });

  test("reaches the client also as never", async () => {
    const error = new StatusError(Status.UNAVAILABLE, "gone", { retryDelayMs: Infinity, errorDetails: retryAfter(1n) });
    await using server = await startNoteServer({ say: () => Promise.reject(error) });
    await expect(rejection(server.client.say({}))).resolves.toMatchObject({ retryDelayMs: Infinity });
  });
});
