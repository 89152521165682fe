import { Status, StatusError } from "@rollcall/rpc";
import { createFakeClock } from "@rollcall/testing";
import { describe, expect, test } from "@jest/globals";
import { AccessTokenSource } from "../sign-in/access-token-source.js";
import { renewToken } from "./renew-token.js";

const minuteMs = 60_000;

/** A source of tokens that last ten minutes, unless it is told to answer something else. */
function start() {
  const clock = createFakeClock();
  const answers: (() => string | undefined)[] = [];
  let number = 1;
  const tokenOf = (name: string) => ({ token: name, expiresAt: new Date(clock.now() + 10 * minuteMs) });
  const tokens = new AccessTokenSource(async () => {
    const answer = answers.shift() ?? (() => `token ${++number}`);
    const name = answer();
    return name === undefined ? undefined : tokenOf(name);
  }, clock.now);
  const first = tokenOf("token 1");
  tokens.put(first);
  const sent: string[] = [];
  const ended = new AbortController();
  const outcome = renewToken({ tokens, clock, signal: ended.signal, send: (token) => sent.push(token) }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { clock, answers, tokens, first, sent, ended, outcome };
}

const failed = new StatusError(Status.UNAVAILABLE, "could not renew the session");
const fail = () => {
  throw failed;
};

describe("renewToken", () => {
  test("sends the next token a minute before the last runs out, again and again", async () => {
    const { clock, sent } = start();
    await clock.advance(9 * minuteMs - 1);
    expect(sent).toEqual([]);
    await clock.advance(1);
    expect(sent).toEqual(["token 2"]);
    await clock.advance(9 * minuteMs);
    expect(sent).toEqual(["token 2", "token 3"]);
  });

  test("sends a token that calls have got meanwhile, and asks for none", async () => {
    const { clock, tokens, first, sent } = start();
    await clock.advance(8 * minuteMs);
    await tokens.newerThan(first, AbortSignal.timeout(minuteMs));
    await clock.advance(minuteMs);
    expect(sent).toEqual(["token 2"]);
  });

  test("asks again each second where there is none", async () => {
    const { clock, answers, sent } = start();
    answers.push(
      fail,
      () => undefined,
      () => "token 1",
      () => "token 9",
    );
    await clock.advance(9 * minuteMs + 2_999);
    expect(sent).toEqual([]);
    await clock.advance(1);
    expect(sent).toEqual(["token 9"]);
  });

  test("says why there is none before the last one runs out", async () => {
    const { clock, answers, sent, outcome } = start();
    answers.push(...Array.from({ length: 100 }, () => fail));
    await clock.advance(10 * minuteMs);
    await expect(outcome).resolves.toBe(failed);
    expect(sent).toEqual([]);
  });

  test("ends where there is none for no reason", async () => {
    const { clock, answers, sent, outcome } = start();
    answers.push(...Array.from({ length: 100 }, () => () => undefined));
    await clock.advance(10 * minuteMs);
    await expect(outcome).resolves.toBeUndefined();
    expect(sent).toEqual([]);
  });

  test("sends nothing once it is told to stop", async () => {
    const { clock, sent, ended, outcome } = start();
    ended.abort(new Error("the stream has ended"));
    await expect(outcome).resolves.toMatchObject({ message: "the stream has ended" });
    await clock.advance(20 * minuteMs);
    expect(sent).toEqual([]);
  });
});
