import { describe, expect, test } from "@jest/globals";
import { policiesByPath } from "@rollcall/rpc";
import { cinemaServicePolicies } from "../gen/policy/cinema_service.policy.js";
import { CinemaServiceDefinition } from "../gen/policy/cinema_service.js";

describe("policiesByPath", () => {
  test("finds the policy of each method under the path of its calls", () => {
    const policies = policiesByPath(CinemaServiceDefinition, cinemaServicePolicies);
    expect([...policies.keys()]).toEqual(
      ["GetSeat", "BuySeat", "CloseSeat", "ListSeats", "Watch"].map((name) => `/policy.CinemaService/${name}`),
    );
    expect(policies.get("/policy.CinemaService/GetSeat")).toBe(cinemaServicePolicies.getSeat);
  });
});
