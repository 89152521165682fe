import { describe, expect, test } from "@jest/globals";
import { createFakeClock } from "@rollcall/testing";
import { type Admission, createLoginThrottle } from "./login-throttle.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

function start(max?: number) {
  const clock = createFakeClock();
  const throttle = createLoginThrottle({ now: clock.now, max });
  const begin = (account: string, peer: string) => throttle.begin({ account, peer });
  return {
    clock,
    begin,
    fail: (times: number, account: string, peer: string) => Array.from({ length: times }, () => begin(account, peer)),
    signIn: (account: string, peer: string) => {
      accepted(begin(account, peer)).succeed();
    },
  };
}

/** How long an attempt has to wait. */
const waitOf = (admission: Admission) => (admission.kind === "refused" ? admission.waitMs : 0);

function accepted(admission: Admission) {
  if (admission.kind === "refused") {
    throw new Error(`the attempt has to wait for ${String(admission.waitMs)} ms`);
  }
  return admission;
}

const addresses = (count: number) => Array.from({ length: count }, (_, index) => `192.0.2.${String(index)}`);

describe("an address that guesses the password of an account", () => {
  test("has five tries, and then waits twice as long each time, for a quarter of an hour at most", async () => {
    const { clock, begin } = start();
    const waitsSeconds: number[] = [];
    for (let attempt = 0; attempt < 18; attempt += 1) {
      const waitMs = waitOf(begin("ada", "1.1.1.1"));
      waitsSeconds.push(waitMs / 1_000);
      await clock.advance(waitMs);
      if (waitMs > 0) {
        accepted(begin("ada", "1.1.1.1"));
      }
    }
    expect(waitsSeconds).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });

  test("gains nothing by trying many at once", () => {
    const { fail } = start();
    const waits = fail(50, "ada", "1.1.1.1").map(waitOf);
    expect(waits.filter((waitMs) => waitMs === 0)).toHaveLength(6);
  });

  test("is not made to wait longer by what was refused", () => {
    const { fail, begin } = start();
    fail(50, "ada", "1.1.1.1");
    expect(waitOf(begin("ada", "1.1.1.1"))).toBe(1_000);
  });

  test("keeps nobody at another address out, and not itself out of other accounts", () => {
    const { fail, begin } = start();
    fail(50, "ada", "1.1.1.1");
    expect(begin("ada", "2.2.2.2").kind).toBe("admitted");
    expect(begin("bob", "1.1.1.1").kind).toBe("admitted");
  });

  test("starts anew after an hour", async () => {
    const { fail, begin, clock } = start();
    fail(6, "ada", "1.1.1.1");
    await clock.advance(hourMs);
    expect(fail(6, "ada", "1.1.1.1").map(waitOf)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(waitOf(begin("ada", "1.1.1.1"))).toBe(1_000);
  });

  test("is one address with all others of its IPv6 network", () => {
    const { begin } = start();
    const waits = Array.from({ length: 7 }, (_, index) => waitOf(begin("ada", `2001:db8::${String(index)}`)));
    expect(waits).toEqual([0, 0, 0, 0, 0, 0, 1_000]);
    expect(begin("ada", "2001:db8:0:1::").kind).toBe("admitted");
  });
});

describe("an address that guesses the passwords of many accounts", () => {
  const guess = (count: number, begin: ReturnType<typeof start>["begin"]) =>
    Array.from({ length: count }, (_, index) => waitOf(begin(`user${String(index)}`, "1.1.1.1")));

  test("has fifty tries, and then waits, for a minute at most", async () => {
    const { begin, clock } = start();
    expect(guess(60, begin).filter((waitMs) => waitMs === 0)).toHaveLength(51);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const waitMs = waitOf(begin("one more", "1.1.1.1"));
      waits.push(waitMs);
      await clock.advance(waitMs);
      begin(`another ${String(attempt)}`, "1.1.1.1");
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60].map((seconds) => seconds * 1_000));
  });

  test("gains nothing by signing in with an account of its own in between", () => {
    const { begin, signIn } = start();
    const admitted = Array.from({ length: 200 }, (_, index) => {
      signIn("mallory", "1.1.1.1");
      return begin(`user${String(index)}`, "1.1.1.1").kind === "admitted";
    });
    expect(admitted.filter(Boolean)).toHaveLength(51);
  });

  test("gains one guess with each further account of its own", async () => {
    const { begin, signIn, clock } = start();
    guess(60, begin);
    await clock.advance(1_000);
    signIn("mallory", "1.1.1.1");
    expect(guess(60, begin).filter((waitMs) => waitMs === 0)).toHaveLength(1);
  });

  test("keeps those out who never signed in from there, and nobody else", () => {
    const { begin, signIn } = start();
    signIn("ada", "1.1.1.1");
    guess(60, begin);
    expect(begin("ada", "1.1.1.1").kind).toBe("admitted");
    expect(begin("ada", "2.2.2.2").kind).toBe("admitted");
    expect(begin("bob", "1.1.1.1").kind).toBe("refused");
  });
});

describe("an account that many addresses try", () => {
  test("admits one stranger a second", async () => {
    const { begin, clock } = start();
    const admitted = addresses(200).filter((address) => begin("ada", address).kind === "admitted");
    expect(admitted).toHaveLength(101);
    await clock.advance(1_000);
    expect(begin("ada", "2.2.2.2").kind).toBe("admitted");
    expect(begin("ada", "3.3.3.3").kind).toBe("refused");
  });

  test("admits its owner from where the owner has signed in before", () => {
    const { begin, signIn } = start();
    signIn("ada", "1.1.1.1");
    addresses(200).forEach((address) => begin("ada", address));
    signIn("ada", "1.1.1.1");
    expect(begin("ada", "2.2.2.2").kind).toBe("refused");
    expect(begin("ada", "1.1.1.1").kind).toBe("admitted");
  });

  test("admits its owner so for ninety days", async () => {
    const { begin, signIn, clock } = start();
    signIn("ada", "1.1.1.1");
    await clock.advance(90 * 24 * hourMs);
    addresses(200).forEach((address) => begin("ada", address));
    expect(begin("ada", "1.1.1.1").kind).toBe("refused");
  });
});

describe("an attempt", () => {
  test("that succeeds makes up for the failures before it", () => {
    const { fail, signIn, begin } = start();
    fail(5, "ada", "1.1.1.1");
    signIn("ada", "1.1.1.1");
    expect(fail(6, "ada", "1.1.1.1").map(waitOf)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(begin("ada", "1.1.1.1").kind).toBe("refused");
  });

  test("that came to nothing does not count", () => {
    const { begin } = start();
    const attempts = Array.from({ length: 1_000 }, () => begin("ada", "1.1.1.1"));
    attempts
      .filter(({ kind }) => kind === "admitted")
      .forEach((attempt) => {
        accepted(attempt).withdraw();
      });
    for (let attempt = 0; attempt < 300; attempt += 1) {
      accepted(begin("ada", "1.1.1.1")).withdraw();
    }
    expect(begin("ada", "1.1.1.1").kind).toBe("admitted");
  });

  test("is forgotten when there are too many others to remember", () => {
    const { fail, begin } = start(10);
    fail(6, "ada", "1.1.1.1");
    expect(begin("ada", "1.1.1.1").kind).toBe("refused");
    addresses(10).forEach((address) => begin(`user ${address}`, address));
    expect(begin("ada", "1.1.1.1").kind).toBe("admitted");
  });
});
