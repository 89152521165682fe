import { describe, expect, jest, test } from "@jest/globals";
import type { Caller } from "@rollcall/interceptors/server/caller";
import { Status, type StatusError } from "@rollcall/rpc";
import { createFakeClock } from "@rollcall/testing";
import { eventually } from "../storage/eventually.fixture.js";
import { CredentialExpiry } from "./credential-expiry.js";

const startMs = Date.UTC(2030, 0, 1);
const dayMs = 86_400_000;

const endsAfter = (ms: number): Caller => ({
  subject: "ann",
  roles: [],
  credential: "token",
  expiresAt: new Date(startMs + ms),
});

function start() {
  const clock = createFakeClock(startMs);
  const abort = jest.fn<(reason: StatusError) => void>();
  const sleep = jest.fn(clock.sleep);
  return { clock, abort, sleep, expiry: new CredentialExpiry({ abort }, { now: clock.now, sleep }) };
}

describe("CredentialExpiry", () => {
  test("ends the call when the credentials run out, and no earlier", async () => {
    const { clock, abort, expiry } = start();
    expiry.follow(endsAfter(100));
    await clock.advance(99);
    expect(abort).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(abort.mock.calls).toMatchObject([[{ code: Status.UNAUTHENTICATED, reason: "CREDENTIALS_REJECTED" }]]);
  });

  test("ends the call at once when they have run out", () => {
    const { abort, expiry } = start();
    expiry.follow(endsAfter(0));
    expect(abort).toHaveBeenCalledTimes(1);
  });

  test("goes by the last credentials alone", async () => {
    const { clock, abort, expiry } = start();
    expiry.follow(endsAfter(100));
    expiry.follow(endsAfter(200));
    await clock.advance(199);
    expect(abort).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(abort).toHaveBeenCalledTimes(1);
  });

  test.each<[string, (expiry: CredentialExpiry) => void]>([
    [
      "it is stopped",
      (expiry) => {
        expiry.stop();
      },
    ],
    [
      "the next credentials do not run out",
      (expiry) => {
        expiry.follow({ ...endsAfter(0), expiresAt: undefined });
      },
    ],
    [
      "there are none",
      (expiry) => {
        expiry.follow(undefined);
      },
    ],
  ])("ends nothing when %s", async (_what, then) => {
    const { clock, abort, expiry } = start();
    expiry.follow(endsAfter(100));
    then(expiry);
    await clock.advance(200);
    expect(abort).not.toHaveBeenCalled();
  });

  test("waits for longer than any timer lasts", async () => {
    const { clock, abort, sleep, expiry } = start();
    expiry.follow(endsAfter(60 * dayMs));
    await clock.advance(60 * dayMs - 1);
    expect(abort).not.toHaveBeenCalled();
    expect(sleep.mock.calls.every(([ms]) => ms < 2 ** 31)).toBe(true);
    await clock.advance(1);
    expect(abort).toHaveBeenCalledTimes(1);
  });

  test("waits by the clock of the machine unless it is given another", async () => {
    const abort = jest.fn<(reason: StatusError) => void>();
    new CredentialExpiry({ abort }, {}).follow({ ...endsAfter(0), expiresAt: new Date(Date.now() + 20) });
    expect(abort).not.toHaveBeenCalled();
    await eventually(async () => {
      expect(abort).toHaveBeenCalledTimes(1);
    });
  });
});
