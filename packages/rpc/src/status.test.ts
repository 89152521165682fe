import { describe, expect, test } from "@jest/globals";
import { errorCodeOf, Status } from "./status.js";
import { StatusError } from "./status-error.js";

describe("errorCodeOf", () => {
  test.each([
    [5, Status.NOT_FOUND],
    [16, Status.UNAUTHENTICATED],
    [0, Status.UNKNOWN],
    [17, Status.UNKNOWN],
    [-1, Status.UNKNOWN],
    [1.5, Status.UNKNOWN],
    [Number.NaN, Status.UNKNOWN],
  ])("takes %d for %d", (code, expected) => {
    expect(errorCodeOf(code)).toBe(expected);
  });
});

describe("StatusError", () => {
  test("names its code and details in its message", () => {
    const cause = new Error("why");
    const error = new StatusError(Status.NOT_FOUND, 'user "1" does not exist', { cause });
    expect(error).toMatchObject({ name: "StatusError", message: 'NOT_FOUND: user "1" does not exist', cause });
    expect(error.received).toBe(false);
  });

  test("answers the reason of its ErrorInfo", () => {
    const errorInfo = { reason: "EMAIL_TAKEN", domain: "rollcall", metadata: {} };
    const error = new StatusError(Status.ALREADY_EXISTS, "taken", { errorDetails: { errorInfo } });
    expect(error.reason).toBe("EMAIL_TAKEN");
    expect(new StatusError(Status.ALREADY_EXISTS, "taken").reason).toBeUndefined();
  });

  test("has a cause only when it was given one", () => {
    expect("cause" in new StatusError(Status.INTERNAL, "failed")).toBe(false);
  });
});
