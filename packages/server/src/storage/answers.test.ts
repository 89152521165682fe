import { describe, expect, test } from "@jest/globals";
import { databaseNames, givenStore } from "./test-store.fixture.js";

describe.each(databaseNames)("answers to requests on %s", (name) => {
  let nowMs = 1_700_000_000_000;
  const given = givenStore(name, { now: () => nowMs });

  /** What a service does for a request with an id: its effect is a user, its answer the user's id. */
  function createOnce(requestId: string, email: string): Promise<string> {
    return given.store.write(async (unit) => {
      await unit.answers.claim({ caller: "ada", method: "CreateUser", requestId }, `print of ${email}`);
      const user = await unit.users.insert({ name: "Ada", email, status: 1 });
      await unit.answers.remember(
        { caller: "ada", method: "CreateUser", requestId },
        new TextEncoder().encode(user.id),
      );
      return user.id;
    });
  }

  test("an answer is found by caller, method and request id, with the fingerprint of its request", async () => {
    const id = await createOnce("r-1", "r1@example.com");

    await expect(given.store.answers.find({ caller: "ada", method: "CreateUser", requestId: "r-1" })).resolves.toEqual({
      fingerprint: "print of r1@example.com",
      answer: new TextEncoder().encode(id),
      createdAt: new Date(nowMs),
    });
    await expect(
      given.store.answers.find({ caller: "ada", method: "DeleteUser", requestId: "r-1" }),
    ).resolves.toBeUndefined();
  });

  test("a request id belongs to one caller: another may use the same", async () => {
    const keyOf = (caller: string) => ({ caller, method: "m", requestId: "shared" });
    for (const caller of ["ada", "grace", ""]) {
      await given.store.write(async (unit) => {
        await unit.answers.claim(keyOf(caller), `print of ${caller}`);
        await unit.answers.remember(keyOf(caller), new TextEncoder().encode(caller));
      });
    }

    for (const caller of ["ada", "grace", ""]) {
      await expect(given.store.answers.find(keyOf(caller))).resolves.toMatchObject({
        fingerprint: `print of ${caller}`,
        answer: new TextEncoder().encode(caller),
      });
    }
    await expect(given.store.answers.find(keyOf("somebody"))).resolves.toBeUndefined();
  });

  test("any bytes come back as they were given, also none", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, number) => number);
    for (const [requestId, answer] of [
      ["bytes", bytes],
      ["none", new Uint8Array()],
    ] as const) {
      await given.store.write(async (unit) => {
        await unit.answers.claim({ caller: "ada", method: "m", requestId }, "f");
        await unit.answers.remember({ caller: "ada", method: "m", requestId }, answer);
      });
      await expect(given.store.answers.find({ caller: "ada", method: "m", requestId })).resolves.toMatchObject({
        answer,
      });
    }
  });

  test("of 20 equal requests at once, one takes effect and the others learn its answer", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => createOnce("r-2", "r2@example.com").catch((error: unknown) => error)),
    );

    const ids = outcomes.filter((outcome) => typeof outcome === "string");
    const losers = outcomes.filter((outcome) => typeof outcome !== "string");
    expect(ids).toHaveLength(1);
    expect(losers).toEqual(Array.from({ length: 19 }, () => expect.objectContaining({ kind: "requestIdTaken" })));
    const stored = await given.store.answers.find({ caller: "ada", method: "CreateUser", requestId: "r-2" });
    expect(new TextDecoder().decode(stored?.answer)).toBe(ids[0]);
  });

  test("a request whose unit of work failed may be tried again", async () => {
    await createOnce("r-3", "r3@example.com");

    await expect(createOnce("r-4", "r3@example.com")).rejects.toMatchObject({ kind: "emailTaken" });

    await expect(
      given.store.answers.find({ caller: "ada", method: "CreateUser", requestId: "r-4" }),
    ).resolves.toBeUndefined();
    await expect(createOnce("r-4", "r4@example.com")).resolves.toEqual(expect.any(String));
  });

  test("old answers are forgotten, all of them and no others", async () => {
    nowMs += 86_400_000;
    const isOld = new Date(nowMs);
    await given.store.forgetAnswersBefore(isOld);
    for (let number = 0; number < 1_100; number += 100) {
      await given.store.write(async (unit) => {
        for (let request = number; request < number + 100; request += 1) {
          await unit.answers.claim({ caller: "ada", method: "old", requestId: String(request) }, "f");
        }
      });
    }
    nowMs += 1;
    await createOnce("r-5", "r5@example.com");

    await expect(given.store.forgetAnswersBefore(new Date(nowMs))).resolves.toBe(1_100);

    await expect(given.store.answers.find({ caller: "ada", method: "old", requestId: "7" })).resolves.toBeUndefined();
    await expect(
      given.store.answers.find({ caller: "ada", method: "CreateUser", requestId: "r-5" }),
    ).resolves.toBeDefined();
  });
});
