import { describe, expect, jest, test } from "@jest/globals";
import { Status, StatusError } from "@rollcall/rpc";
import { createFakeClock } from "@rollcall/testing";
import { AccessTokens, type AccessTokensOptions } from "./access-tokens.js";
import type { TokenProvider } from "./token-provider.js";

/** Tokens that a provider numbers, each of which lasts as long as it is told. */
function start({ lastsMs, ...options }: Partial<AccessTokensOptions> & { readonly lastsMs?: number } = {}) {
  const clock = createFakeClock();
  let count = 0;
  const provider = jest.fn<TokenProvider>(async () => {
    const expiresAt = lastsMs === undefined ? undefined : new Date(clock.now() + lastsMs);
    return { token: `token-${++count}`, expiresAt };
  });
  return { clock, provider, tokens: new AccessTokens({ provider, now: clock.now, ...options }) };
}

/** Lets what was begun come to its end. */
const settle = () => new Promise(setImmediate);
const get = async (tokens: AccessTokens) => tokens.get();

describe("AccessTokens", () => {
  test("asks once for all that wait, and knows the token at once from then on", async () => {
    const { tokens, provider } = start();
    await expect(Promise.all([tokens.get(), tokens.get()])).resolves.toEqual(["token-1", "token-1"]);
    expect(tokens.get()).toBe("token-1");
    expect(provider).toHaveBeenCalledTimes(1);
  });

  test("takes a bare token, and keeps it for as long as no server refuses it", async () => {
    const { tokens, provider, clock } = start();
    provider.mockResolvedValueOnce("bare");
    await get(tokens);
    await clock.advance(365 * 24 * 3_600_000);
    expect(tokens.get()).toBe("bare");
  });

  test.each([
    ["a minute before it expires", 3_600_000, 3_540_000],
    ["a tenth of its time before it expires, if that is less", 60_000, 54_000],
  ])("replaces a token %s, and uses it meanwhile", async (_case, lastsMs, refreshAtMs) => {
    const { tokens, provider, clock } = start({ lastsMs });
    await get(tokens);
    await clock.advance(refreshAtMs - 1);
    expect(tokens.get()).toBe("token-1");
    expect(provider).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect([tokens.get(), tokens.get()]).toEqual(["token-1", "token-1"]);
    expect(provider).toHaveBeenCalledTimes(2);
    await settle();
    expect(tokens.get()).toBe("token-2");
  });

  test("replaces a token as early as it is told", async () => {
    const { tokens, clock } = start({ lastsMs: 3_600_000, refreshEarlyMs: 1_000 });
    await get(tokens);
    await clock.advance(3_598_999);
    await get(tokens);
    await settle();
    expect(tokens.get()).toBe("token-1");
    await clock.advance(1);
    await get(tokens);
    await settle();
    expect(tokens.get()).toBe("token-2");
  });

  test("goes on with a token that could not be replaced, and tries again a second later", async () => {
    const { tokens, provider, clock } = start({ lastsMs: 600_000 });
    await get(tokens);
    provider.mockRejectedValueOnce(new Error("offline"));
    await clock.advance(590_000);
    expect(tokens.get()).toBe("token-1");
    await settle();
    expect(tokens.get()).toBe("token-1");
    expect(provider).toHaveBeenCalledTimes(2);
    await clock.advance(1_000);
    await get(tokens);
    await settle();
    expect(tokens.get()).toBe("token-2");
  });

  test("waits for another token when the old one has expired", async () => {
    const { tokens, clock } = start({ lastsMs: 1_000 });
    await get(tokens);
    await clock.advance(1_000);
    await expect(tokens.get()).resolves.toBe("token-2");
  });

  test("drops a token that was refused, unless it has been replaced", async () => {
    const { tokens } = start();
    await get(tokens);
    tokens.refuse("token-1");
    await expect(tokens.get()).resolves.toBe("token-2");
    tokens.refuse("token-1");
    expect(tokens.get()).toBe("token-2");
  });

  test("forgets its token, and asks again", async () => {
    const { tokens } = start();
    await get(tokens);
    tokens.forget();
    await expect(tokens.get()).resolves.toBe("token-2");
  });

  test("keeps no token that was asked for before it had to forget", async () => {
    const { tokens, provider } = start({ domain: "example" });
    let answer: (token: string) => void = () => undefined;
    const signals: AbortSignal[] = [];
    provider.mockImplementationOnce((signal) => {
      signals.push(signal);
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    const failed = expect(tokens.get()).rejects.toMatchObject({
      code: Status.UNAUTHENTICATED,
      details: "there is no access token; sign in first",
      received: true,
      errorDetails: { errorInfo: { reason: "CREDENTIALS_REQUIRED", domain: "example" } },
    });
    tokens.forget();
    await failed;
    expect(signals[0]?.aborted).toBe(true);
    answer("of the one who signed out");
    await expect(tokens.get()).resolves.toBe("token-1");
    expect(tokens.get()).toBe("token-1");
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("keeps no token that came %d steps before it had to forget", async (steps) => {
    const { tokens } = start();
    const asked = tokens.get();
    for (let step = 0; step < steps; step++) {
      await Promise.resolve();
    }
    tokens.forget();
    await Promise.allSettled([asked]);
    await expect(tokens.get()).resolves.toBe("token-2");
  });

  const failures: readonly (readonly [string, TokenProvider, object])[] = [
    ["has none", async () => undefined, { code: Status.UNAUTHENTICATED, reason: "CREDENTIALS_REQUIRED" }],
    [
      "throws",
      () => {
        throw new Error("offline");
      },
      {
        code: Status.UNAVAILABLE,
        details: "the access token could not be obtained",
        reason: "CREDENTIALS_UNAVAILABLE",
      },
    ],
    [
      "rejects",
      () => Promise.reject(new Error("offline")),
      { code: Status.UNAVAILABLE, cause: expect.objectContaining({ message: "offline" }) },
    ],
    ["is late", () => new Promise(() => undefined), { details: "the access token did not come within 20 ms" }],
    ["gives an empty token", async () => "", { details: expect.stringContaining("is empty, or holds") }],
    ["gives a token of two lines", async () => "a\nb", { details: expect.not.stringContaining("a\nb") }],
    [
      "gives a token for no time",
      async () => ({ token: "a", expiresAt: new Date(Number.NaN) }),
      { details: "the access token expires at an invalid date" },
    ],
    [
      "fails with a status",
      () => Promise.reject(new StatusError(Status.PERMISSION_DENIED, "the account is closed")),
      { code: Status.PERMISSION_DENIED, details: "the account is closed" },
    ],
  ];
  test.each(failures)("says so when the provider %s, and asks again next time", async (_case, fail, error) => {
    const { tokens, provider } = start({ timeoutMs: 20, domain: "example" });
    provider.mockImplementationOnce(fail);
    await expect(tokens.get()).rejects.toMatchObject(error);
    await expect(tokens.get()).resolves.toBe("token-1");
  });

  test("gives no reason without a domain", async () => {
    const { tokens, provider } = start();
    provider.mockResolvedValueOnce(undefined);
    await expect(tokens.get()).rejects.toMatchObject({ errorDetails: {} });
  });

  test.each([{ refreshEarlyMs: 0 }, { timeoutMs: -1 }, { timeoutMs: Number.NaN }])(
    "cannot be made with %p",
    (options) => {
      expect(() => start(options)).toThrow(/ is (0|-1|NaN); it takes a number of milliseconds above 0$/);
    },
  );
});
