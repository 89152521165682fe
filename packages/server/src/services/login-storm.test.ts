import { describe, expect, test } from "@jest/globals";
import { createPasswords } from "../passwords.js";
import { givenAuthService } from "./given-auth-service.fixture.js";
import { signInAs } from "./people.fixture.js";
import { as } from "./start-auth-service.fixture.js";
import { errorOf } from "./status.fixture.js";

const logins = 64;
const maxWaiting = 8;
const dearCost = { memoryCost: 65_536, timeCost: 2, parallelism: 1 };

describe("a storm of logins", () => {
  const given = givenAuthService("SQLite", {
    passwords: createPasswords({ parallel: 1, maxWaiting, cost: dearCost }),
  });

  test("is worked off a few at a time, with a bounded line of those who wait, while other calls are answered", async () => {
    const ada = await signInAs(given);
    let areAnswered = 0;
    const storm = Array.from({ length: logins }, async (_, index) => {
      const attempt = given.auth.login(
        { email: `nobody${String(index)}@example.com`, password: "some password" },
        as({ from: `192.0.2.${String(index)}` }),
      );
      const { reason, errorDetails } = await errorOf(attempt);
      areAnswered += 1;
      return { reason, retryDelay: errorDetails.retryInfo?.retryDelay };
    });

    for (let call = 0; call < 5; call += 1) {
      await given.users.getUser({ id: ada.id }, as(ada));
    }
    expect(areAnswered).toBeLessThan(logins);

    const outcomes = await Promise.all(storm);
    const compared = outcomes.filter(({ reason }) => reason === "INVALID_CREDENTIALS");
    const refused = outcomes.filter(({ reason }) => reason === "TOO_BUSY");
    expect(compared.length + refused.length).toBe(logins);
    expect(compared.length).toBeGreaterThanOrEqual(maxWaiting + 1);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    for (const { retryDelay } of refused) {
      expect(retryDelay).toEqual({ seconds: 1n, nanos: 0 });
    }
    expect(given.unexpected).toEqual([]);
  });
});
