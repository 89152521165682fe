import type { MethodPolicy, PolicyTable } from "@rollcall/rpc";
import type { CinemaServiceDefinition } from "../gen/policy/cinema_service.js";
import { cinemaServicePolicies } from "../gen/policy/cinema_service.policy.js";

type Table = PolicyTable<CinemaServiceDefinition>;

export const table: Table = cinemaServicePolicies;
export const erased: Readonly<Record<string, MethodPolicy>> = cinemaServicePolicies;

const { getSeat, ...others } = cinemaServicePolicies;
// @ts-expect-error a method has no policy
export const incomplete: Table = others;

// @ts-expect-error the request has no such field
export const unknownField: Table = { ...cinemaServicePolicies, getSeat: { ...getSeat, idempotencyKey: "guest" } };
// @ts-expect-error the field is not a string
export const numberField: Table = { ...cinemaServicePolicies, getSeat: { ...getSeat, idempotencyKey: "row" } };
export const stringField: Table = { ...cinemaServicePolicies, getSeat: { ...getSeat, idempotencyKey: "guestId" } };
