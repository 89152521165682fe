import type { AccessToken } from "@rollcall/interceptors/client/auth";
import { describe, expect, test } from "@jest/globals";
import { AccessTokenSource } from "./access-token-source.js";

const nowMs = Date.UTC(2030, 0, 1);
const lasting = (token: string): AccessToken => ({ token, expiresAt: new Date(nowMs + 60_000) });
const patient = () => new AbortController().signal;

/** A source whose provider answers when it is told to. */
function start() {
  const asked: ((answer: AccessToken | string | undefined) => void)[] = [];
  const tokens = new AccessTokenSource(
    () => new Promise((resolve) => void asked.push(resolve)),
    () => nowMs,
  );
  return { tokens, asked };
}

describe("AccessTokenSource", () => {
  test("asks once for all who wait", async () => {
    const { tokens, asked } = start();
    const waiting = [tokens.newerThan(undefined, patient()), tokens.newerThan(undefined, patient())];
    expect(asked).toHaveLength(1);
    asked[0]?.("one");
    await expect(Promise.all(waiting)).resolves.toEqual([{ token: "one" }, { token: "one" }]);
    expect(tokens.newest).toEqual({ token: "one" });
  });

  test("gives the newest to whoever has another, and asks for those who have it", async () => {
    const { tokens, asked } = start();
    tokens.put(lasting("two"));
    await expect(tokens.newerThan(lasting("one"), patient())).resolves.toEqual(lasting("two"));
    expect(asked).toHaveLength(0);
    const next = tokens.newerThan(lasting("two"), patient());
    asked[0]?.(lasting("three"));
    await expect(next).resolves.toEqual(lasting("three"));
  });

  test("asks where the newest has run out", () => {
    const { tokens, asked } = start();
    tokens.put({ token: "old", expiresAt: new Date(nowMs) });
    void tokens.newerThan(undefined, patient());
    expect(asked).toHaveLength(1);
  });

  test("keeps the newest where nobody is signed in any more", async () => {
    const { tokens, asked } = start();
    tokens.put(lasting("one"));
    const next = tokens.newerThan(lasting("one"), patient());
    asked[0]?.(undefined);
    await expect(next).resolves.toBeUndefined();
    expect(tokens.newest).toEqual(lasting("one"));
  });

  test("gives up a request whose provider does not heed its signal, and makes another", async () => {
    const { tokens, asked } = start();
    const abortion = new AbortController();
    const waiting = tokens.newerThan(undefined, abortion.signal);
    abortion.abort(new Error("too late"));
    await expect(waiting).rejects.toThrow("too late");
    const next = tokens.newerThan(undefined, patient());
    asked[0]?.("for nobody");
    asked[1]?.("for the second");
    await expect(next).resolves.toEqual({ token: "for the second" });
  });

  test("asks again after a failure", async () => {
    const tokens = new AccessTokenSource(
      () => Promise.reject(new Error("away")),
      () => nowMs,
    );
    await expect(tokens.newerThan(undefined, patient())).rejects.toThrow("away");
    await expect(tokens.newerThan(undefined, patient())).rejects.toThrow("away");
  });
});
