import { describe, expect, jest, test } from "@jest/globals";
import { UnverifiableCredentialsError } from "@rollcall/interceptors/server/auth";
import type { Caller } from "@rollcall/interceptors/server/caller";
import { StoreError } from "../storage/store-error.js";
import { refuseRevoked } from "./refuse-revoked.js";

const ann: Caller = { subject: "ann", roles: [], credential: "token" };
const revokedText = "the credentials were revoked";

function start({ fresh = true, revoked = false } = {}) {
  const feed = { fresh, revoked };
  const refresh = jest.fn(() => Promise.resolve());
  const check = refuseRevoked({ isRevoked: () => feed.revoked, isFresh: () => feed.fresh, refresh });
  return { feed, refresh, check };
}

describe("refuseRevoked", () => {
  test("answers at once where all is known", () => {
    const { check, refresh } = start();
    expect(check(ann)).toBe(ann);
    expect(refresh).not.toHaveBeenCalled();
  });

  test("waits for whom it has to wait for", async () => {
    await expect(start().check(Promise.resolve(ann))).resolves.toBe(ann);
  });

  test("leaves calls without credentials alone, however little is known", async () => {
    const { check, refresh } = start({ fresh: false });
    expect(check(undefined)).toBeUndefined();
    await expect(check(Promise.resolve(undefined))).resolves.toBeUndefined();
    expect(refresh).not.toHaveBeenCalled();
  });

  test.each([true, false])("refuses whose credentials were revoked, asking nobody (fresh: %s)", async (fresh) => {
    const { check, refresh } = start({ fresh, revoked: true });
    expect(() => check(ann)).toThrow(revokedText);
    await expect(check(Promise.resolve(ann))).rejects.toThrow(revokedText);
    expect(refresh).not.toHaveBeenCalled();
  });

  test("looks into the store where what is known is old, and goes by what it finds", async () => {
    const { check, refresh, feed } = start({ fresh: false });
    await expect(check(ann)).resolves.toBe(ann);
    refresh.mockImplementation(() => {
      feed.revoked = true;
      return Promise.resolve();
    });
    await expect(check(ann)).rejects.toThrow(revokedText);
    feed.revoked = false;
    await expect(check(Promise.resolve(ann))).rejects.toThrow(revokedText);
  });

  test.each<[string, Caller | Promise<Caller>]>([
    ["at once", ann],
    ["later", Promise.resolve(ann)],
  ])("cannot tell while the store is down (known %s)", async (_when, found) => {
    const { check, refresh } = start({ fresh: false });
    const down = new StoreError("unavailable", "the database does not answer");
    refresh.mockRejectedValue(down);
    const failure = Promise.resolve(check(found));
    await expect(failure).rejects.toBeInstanceOf(UnverifiableCredentialsError);
    await expect(failure).rejects.toMatchObject({ cause: down });
  });

  test("cannot tell either when the store does not give the key that a token was signed with", async () => {
    const down = new StoreError("unavailable", "the database does not answer");
    await expect(start().check(Promise.reject(down))).rejects.toBeInstanceOf(UnverifiableCredentialsError);
  });

  test("asks nothing of the store for credentials that do not count anyway", async () => {
    const { check, refresh } = start({ fresh: false });
    const wrong = new Error("the signature is wrong");
    await expect(check(Promise.reject(wrong))).rejects.toBe(wrong);
    expect(refresh).not.toHaveBeenCalled();
  });
});
