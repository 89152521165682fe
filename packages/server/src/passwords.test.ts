import { hash as bcrypt } from "@node-rs/bcrypt";
import { describe, expect, test } from "@jest/globals";
import { Status } from "@rollcall/rpc";
import { createPasswords } from "./passwords.js";

const cost = { memoryCost: 64, timeCost: 1, parallelism: 1 };
const passwords = createPasswords({ cost });

describe("passwords", () => {
  test("are hashed with argon2id, and with OWASP's parameters unless told otherwise", async () => {
    await expect(createPasswords().hash("a password")).resolves.toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await expect(passwords.hash("a password")).resolves.toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
  });

  test("are hashed with a salt of their own each", async () => {
    expect(await passwords.hash("a password")).not.toBe(await passwords.hash("a password"));
  });

  test.each([
    ["spaces at its ends", " a password ", "a password"],
    ["capitals", "A Password", "a password"],
    ["128 characters", "x".repeat(128), "x".repeat(127)],
    ["128 emoji, of which all count", "😀".repeat(128), `${"😀".repeat(127)}😁`],
    ["a tail behind 72 bytes", `${"x".repeat(72)}y`, "x".repeat(72)],
  ])("with %s are compared exactly", async (_case, password, other) => {
    const hashed = await passwords.hash(password);
    await expect(passwords.verify(hashed, password)).resolves.toBe(true);
    await expect(passwords.verify(hashed, other)).resolves.toBe(false);
  });

  test.each([
    ["composed and decomposed", "Grüße an Zoë", "Gru\u0308ße an Zoe\u0308"],
    ["wide and narrow", "ｐａｓｓ phrase", "pass phrase"],
    ["a ligature", "ﬁnal answer", "final answer"],
  ])("are the same in other characters for the same text: %s", async (_case, one, other) => {
    await expect(passwords.verify(await passwords.hash(one), other)).resolves.toBe(true);
    await expect(passwords.verify(await passwords.hash(other), one)).resolves.toBe(true);
  });

  test("that were hashed elsewhere are taken as they are typed as well", async () => {
    const hashed = await bcrypt("5 µm²", { cost: 4 });
    await expect(passwords.verify(hashed, "5 µm²")).resolves.toBe(true);
    await expect(passwords.verify(hashed, "5 μm2")).resolves.toBe(false);
  });

  test.each([
    ["there is no hash", undefined],
    [
      "the hash cannot be compared with",
      "$argon2id$v=19$m=4194304,t=9,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAA",
    ],
  ])("are wrong where %s", async (_case, hashed) => {
    await expect(passwords.verify(hashed, "a password")).resolves.toBe(false);
  });

  test("are compared with something also where there is nothing to compare with", async () => {
    const impossible = createPasswords({ cost: { ...cost, memoryCost: 1 } }); // so that it shows
    await expect(impossible.verify(undefined, "a password")).rejects.toThrow();
    await expect(impossible.verify("$unknown$", "a password")).rejects.toThrow();
  });

  test("are compared one at a time, and no more wait than were said to", async () => {
    const bounded = createPasswords({ cost, parallel: 1, maxWaiting: 16 });
    const hashed = await bounded.hash("a password");
    const outcomes = await Promise.allSettled(Array.from({ length: 64 }, () => bounded.verify(hashed, "a password")));
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(64 - 17);
    for (const outcome of refused) {
      expect(outcome).toMatchObject({ reason: { code: Status.RESOURCE_EXHAUSTED, reason: "TOO_BUSY" } });
    }
    await expect(bounded.verify(hashed, "a password")).resolves.toBe(true);
  });

  test.each([undefined, "$2b$31$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])(
    "wait in the same line where there is nothing to compare with: %p",
    async (hashed) => {
      const bounded = createPasswords({ cost, parallel: 1, maxWaiting: 1 });
      const outcomes = await Promise.allSettled([1, 2, 3].map(() => bounded.verify(hashed, "a password")));
      expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    },
  );

  test("have a fingerprint for each request id, which is theirs alone", async () => {
    const first = await passwords.fingerprint("a password", "1");
    await expect(passwords.fingerprint("a password", "1")).resolves.toBe(first);
    await expect(passwords.fingerprint("a password", "2")).resolves.not.toBe(first);
    await expect(passwords.fingerprint("another password", "1")).resolves.not.toBe(first);
  });
});
