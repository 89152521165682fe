import type { StatusError } from "@rollcall/rpc";
import { errors, isReason, reasonOf } from "../gen/errors/error_reason.errors.js";
import type { KnownError, Reason } from "../gen/errors/error_reason.errors.js";

/** False also when A is `any`, which extends everything. */
type Equals<A, B> = 0 extends 1 & A ? false : [A, B] extends [B, A] ? true : false;

export const reasons: Equals<Reason, "SEAT_TAKEN" | "FILM_2_TORN"> = true;

export const thrown: StatusError = errors.seatTaken({ seat: "12", row: 4 });
errors.film2Torn();
errors.film2Torn({ cause: "anything" });
// @ts-expect-error a key of the metadata is missing
errors.seatTaken({ seat: "12" });
// @ts-expect-error the reason has no such key
errors.seatTaken({ seat: "12", row: 4, guest: "1" });
// @ts-expect-error the reason has no metadata
errors.film2Torn({ seat: "12" });

/** Narrows by the guard. */
export function narrow(error: unknown): string {
  // @ts-expect-error there is no such reason
  isReason(error, "SEAT_GONE");
  if (isReason(error, "SEAT_TAKEN")) {
    const { metadata } = error.errorDetails.errorInfo;
    const seat: Equals<typeof metadata.seat, string> = true;
    // @ts-expect-error the reason has no such key
    const guest = metadata.guest;
    return String([seat, guest]);
  }
  return "";
}

/** Tells the members of the union apart by their reason. */
export function discriminate(error: KnownError): string {
  switch (error.reason) {
    case "SEAT_TAKEN":
      return error.errorDetails.errorInfo.metadata.row;
    case "FILM_2_TORN":
      // @ts-expect-error the reason has no metadata
      return error.errorDetails.errorInfo.metadata.row;
  }
}

/** Has a case for every reason, and for those that are not known. */
export function switchOnReason(error: unknown): string {
  const found = reasonOf(error);
  switch (found?.reason) {
    case undefined:
      return "none";
    case "SEAT_TAKEN":
      return found.metadata.seat;
    case "FILM_2_TORN":
      return "torn";
    case "unknown":
      return found.name;
    default:
      return found satisfies never;
  }
}
