import { describe, expect, test } from "@jest/globals";
import { decodeErrorDetails, encodeErrorDetails, type ErrorDetails } from "./error-details.js";
import { Status as RpcStatus } from "./gen/google/rpc/status.js";

const everyDetail: Required<Omit<ErrorDetails, "unknown">> = {
  errorInfo: { reason: "EMAIL_TAKEN", domain: "rollcall", metadata: { email: "a@b" } },
  retryInfo: { retryDelay: { seconds: 2n, nanos: 5 } },
  debugInfo: { stackEntries: ["a", "b"], detail: "c" },
  quotaFailure: { violations: [{ subject: "user:1", description: "too many" }] },
  preconditionFailure: { violations: [{ type: "TOS", subject: "s", description: "d" }] },
  badRequest: {
    fieldViolations: [{ field: "users[17].email", description: "d", reason: "R", localizedMessage: undefined }],
  },
  requestInfo: { requestId: "r", servingData: "s" },
  resourceInfo: { resourceType: "user", resourceName: "1", owner: "o", description: "d" },
  help: { links: [{ description: "d", url: "https://example.test" }] },
  localizedMessage: { locale: "de", message: "schon vergeben" },
};

function roundTrip(details: ErrorDetails): ErrorDetails {
  return decodeErrorDetails(encodeErrorDetails(6, "taken", details) ?? new Uint8Array());
}

describe("error details", () => {
  test.each(Object.entries(everyDetail))("carry %s", (name, detail) => {
    expect(roundTrip({ [name]: detail })).toEqual({ [name]: detail });
  });

  test("carry all types at once", () => {
    expect(roundTrip(everyDetail)).toEqual(everyDetail);
  });

  test("keep details of types that are not known", () => {
    const unknown = [{ typeUrl: "type.googleapis.com/test.v1.Other", value: new Uint8Array([1, 2]) }];
    const errorInfo = everyDetail.errorInfo;
    expect(roundTrip({ errorInfo, unknown })).toEqual({ errorInfo, unknown });
  });

  test("bear the type URLs of google.rpc, and the code and message of the status", () => {
    const status = RpcStatus.decode(encodeErrorDetails(6, "taken", everyDetail) ?? new Uint8Array());
    expect(status).toMatchObject({ code: 6, message: "taken" });
    expect(status.details.map(({ typeUrl }) => typeUrl)).toEqual(
      Object.keys(everyDetail).map(
        (name) => `type.googleapis.com/google.rpc.${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`,
      ),
    );
  });

  test("are not sent when there are none", () => {
    expect(encodeErrorDetails(5, "not found", {})).toBeUndefined();
    expect(encodeErrorDetails(5, "not found", { errorInfo: undefined, unknown: [] })).toBeUndefined();
  });

  test("are none in bytes that are no google.rpc.Status", () => {
    expect(decodeErrorDetails(new Uint8Array([0xff, 0xff]))).toEqual({});
  });
});
