import { describe, expect, test } from "@jest/globals";
import { decodeErrorDetails, encodeErrorDetails, Status, StatusError } from "@rollcall/rpc";
import { errors, isReason, reasonOf } from "../gen/errors/error_reason.errors.js";

/** The error as it arrives at a client. */
function receive(error: StatusError): StatusError {
  const bytes = encodeErrorDetails(error.code, error.details, error.errorDetails) ?? new Uint8Array();
  return new StatusError(error.code, error.details, { errorDetails: decodeErrorDetails(bytes), received: true });
}

describe("the generated constructors", () => {
  test("make an error with the code, the sentence, the reason and the metadata of the proto", () => {
    const cause = new Error("unique constraint");
    const error = errors.seatTaken({ seat: "12", row: 4 }, { cause });
    expect(error).toBeInstanceOf(StatusError);
    expect(error).toMatchObject({
      code: Status.ALREADY_EXISTS,
      details: 'seat "12" of row 4 belongs to another guest',
      reason: "SEAT_TAKEN",
      cause,
      errorDetails: { errorInfo: { reason: "SEAT_TAKEN", domain: "cinema", metadata: { seat: "12", row: "4" } } },
    });
  });

  test("take no metadata where the reason has none, another sentence and more details", () => {
    const retryInfo = { retryDelay: { seconds: 1n, nanos: 0 } };
    const error = errors.film2Torn({ details: "the projector is on fire", errorDetails: { retryInfo } });
    expect(error).toMatchObject({ code: Status.UNAVAILABLE, details: "the projector is on fire" });
    expect(error.errorDetails).toEqual({
      retryInfo,
      errorInfo: { reason: "FILM_2_TORN", domain: "cinema", metadata: {} },
    });
    expect("cause" in error).toBe(false);
  });
});

describe("isReason", () => {
  test("tells the reason of an error that arrived", () => {
    const error = receive(errors.seatTaken({ seat: "12", row: 4 }));
    expect(isReason(error, "SEAT_TAKEN")).toBe(true);
    expect(isReason(error, "FILM_2_TORN")).toBe(false);
  });

  const info = (reason: string, domain: string, metadata: Record<string, string>) =>
    new StatusError(Status.ABORTED, "no", { errorDetails: { errorInfo: { reason, domain, metadata } } });

  test.each([
    ["of another domain", info("SEAT_TAKEN", "theatre", { seat: "1", row: "1" })],
    ["without the metadata of the reason", info("SEAT_TAKEN", "cinema", { seat: "1" })],
    ["without a reason", new StatusError(Status.ABORTED, "no")],
    ["that is none of a call", new Error("SEAT_TAKEN")],
  ])("does not take an error %s", (_case, error) => {
    expect(isReason(error, "SEAT_TAKEN")).toBe(false);
  });
});

describe("reasonOf", () => {
  test("gives the reason and its metadata", () => {
    expect(reasonOf(receive(errors.seatTaken({ seat: "12", row: 4n })))).toEqual({
      reason: "SEAT_TAKEN",
      metadata: { seat: "12", row: "4" },
    });
  });

  test.each(["SEAT_ON_FIRE", "toString"])("keeps %s, which this version does not know, as unknown", (reason) => {
    const errorInfo = { reason, domain: "cinema", metadata: { seat: "1" } };
    const error = receive(new StatusError(Status.ABORTED, "no", { errorDetails: { errorInfo } }));
    expect(reasonOf(error)).toEqual({ reason: "unknown", name: reason, domain: "cinema", metadata: { seat: "1" } });
  });

  test.each([
    ["an error without a reason", new StatusError(Status.ABORTED, "no")],
    ["no error", "no"],
  ])("gives nothing for %s", (_case, error) => {
    expect(reasonOf(error)).toBeUndefined();
  });
});
