import { afterEach, describe, expect, jest, test } from "@jest/globals";
import type { Caller } from "@rollcall/interceptors/server/caller";
import { createDeferred } from "@rollcall/rpc/grpc";
import { createFakeClock } from "@rollcall/testing";
import { eventually } from "../storage/eventually.fixture.js";
import type { Revocation } from "../storage/identity/revocation.js";
import { openStore } from "../storage/open-store.js";
import { StoreError } from "../storage/store-error.js";
import { createTestHome, databaseNames, givenStore } from "../storage/test-store.fixture.js";
import { createRevocationFeed, type RevocationFeedOptions } from "./revocation-feed.js";

const key = (id: string): Caller => ({ subject: id, roles: [], credential: "apiKey", credentialId: id });

let ending = new AbortController();

function start(options: Pick<RevocationFeedOptions, "store"> & Partial<RevocationFeedOptions>) {
  return createRevocationFeed({ tokenLifetimeMs: 600_000, signal: ending.signal, ...options });
}

afterEach(() => {
  ending.abort();
  ending = new AbortController();
});

/** A store whose revocations a test makes up, and which answers when the test wants it to. */
function createFakeStore() {
  const revocations: Revocation[] = [];
  const since = jest.fn((sequence: number, limit: number): Promise<readonly Revocation[]> =>
    Promise.resolve(revocations.filter((revocation) => revocation.sequence > sequence).slice(0, limit)),
  );
  return {
    store: { revocations: { since } },
    since,
    revoke: (...ids: readonly string[]) => {
      ids.forEach((id) => revocations.push({ sequence: revocations.length + 1, kind: "apiKey", id }));
    },
  };
}

/** A feed by a clock that stands still, which looks into the store once by itself. */
async function startStill(fake = createFakeStore()) {
  const clock = createFakeClock();
  const feed = start({ store: fake.store, now: clock.now, everyMs: 3_600_000 });
  await eventually(async () => {
    expect(feed.isFresh()).toBe(true);
  });
  return { ...fake, clock, feed };
}

describe("a revocation feed", () => {
  test("knows nothing for certain before its first look", async () => {
    const { store, since, revoke } = createFakeStore();
    revoke("a");
    const answer = createDeferred<readonly Revocation[]>();
    since.mockReturnValueOnce(answer.promise);
    const feed = start({ store });
    expect(feed.isFresh()).toBe(false);
    answer.resolve([{ sequence: 1, kind: "apiKey", id: "a" }]);
    await feed.refresh();
    expect([feed.isFresh(), feed.isRevoked(key("a"))]).toEqual([true, true]);
  });

  test("relies on a look for a second, counted from its beginning", async () => {
    const { clock, feed } = await startStill();
    await clock.advance(1_000);
    expect(feed.isFresh()).toBe(true);
    await clock.advance(1);
    expect(feed.isFresh()).toBe(false);
    await feed.refresh();
    expect(feed.isFresh()).toBe(true);
  });

  test("asks the store once for all who want to know at the same time", async () => {
    const { clock, feed, since } = await startStill();
    await clock.advance(2_000);
    await Promise.all(Array.from({ length: 100 }, () => feed.refresh()));
    expect(since).toHaveBeenCalledTimes(2);
  });

  test("does not answer by a look that began long before the question", async () => {
    const { clock, feed, since, revoke } = await startStill();
    await clock.advance(2_000);
    const slow = createDeferred<readonly Revocation[]>();
    since.mockReturnValueOnce(slow.promise);
    const first = feed.refresh();
    revoke("a"); // what that look has seen no more
    await clock.advance(2_000);
    const second = feed.refresh();
    slow.resolve([]);
    await Promise.all([first, second]);
    expect(feed.isRevoked(key("a"))).toBe(true);
    expect(feed.isFresh()).toBe(true);
  });

  test("reads everything, page by page, and goes on where it was", async () => {
    const { feed, since, revoke } = await startStill();
    revoke(...Array.from({ length: 2_001 }, (_, index) => String(index)));
    await feed.refresh();
    expect(["0", "999", "1000", "2000"].map((id) => feed.isRevoked(key(id)))).toEqual([true, true, true, true]);
    expect(since.mock.calls.map(([sequence]) => sequence)).toEqual([0, 0, 1_000, 2_000]);
    await feed.refresh();
    expect(since.mock.lastCall?.[0]).toBe(2_001);
  });

  test("tells its listeners when it knows more, and only then", async () => {
    const { feed, revoke } = await startStill();
    const seen: boolean[] = [];
    feed.onRevoked(() => seen.push(feed.isRevoked(key("a")) && feed.isFresh()));
    await feed.refresh();
    revoke("a", "b");
    await feed.refresh();
    await feed.refresh();
    expect(seen).toEqual([true]);
  });

  test("goes on knowing what it knew while the store is down, without being certain, and recovers", async () => {
    const { clock, feed, since, revoke } = await startStill();
    revoke("a");
    await feed.refresh();
    const down = new StoreError("unavailable", "the database does not answer");
    since.mockRejectedValueOnce(down);
    await clock.advance(1_001);
    await expect(feed.refresh()).rejects.toBe(down);
    expect([feed.isFresh(), feed.isRevoked(key("a"))]).toEqual([false, true]);
    await feed.refresh();
    expect(feed.isFresh()).toBe(true);
  });

  test("forgets only what no token can be left of, whose verifiers allow for clocks that differ", async () => {
    const fake = createFakeStore();
    const clock = createFakeClock();
    const feed = start({ store: fake.store, now: clock.now, everyMs: 1 });
    fake.revoke("a");
    await eventually(async () => {
      expect(feed.isRevoked(key("a"))).toBe(true);
    });
    const looks = async () => {
      const { length } = fake.since.mock.calls;
      await eventually(async () => {
        expect(fake.since.mock.calls.length).toBeGreaterThan(length + 1);
      });
    };
    await clock.advance(600_000 + 59_999);
    await looks();
    expect(feed.isRevoked(key("a"))).toBe(true);
    await clock.advance(1);
    await looks();
    expect(feed.isRevoked(key("a"))).toBe(false);
  });

  test("ends when it is told to, whatever it is doing", async () => {
    const { store, since } = createFakeStore();
    since.mockRejectedValue(new StoreError("unavailable", "the database does not answer"));
    const feed = start({ store, everyMs: 3_600_000 });
    ending.abort();
    await expect(feed.ended).resolves.toBeUndefined();
  });
});

describe.each(databaseNames)("two revocation feeds on one %s", (name) => {
  const given = givenStore(name);

  test("learn within a second of what was revoked through either", async () => {
    const feeds = [start({ store: given.store }), start({ store: given.store })];
    await Promise.all(feeds.map((feed) => feed.refresh()));
    const { id } = await given.store.write((unit) =>
      unit.apiKeys.insert({ name: "backup", roles: [], expiresAt: undefined, createdBy: "ann", digest: "d1" }),
    );
    expect(feeds.map((feed) => feed.isRevoked(key(id)))).toEqual([false, false]);
    await given.store.write((unit) => unit.apiKeys.revoke(id));
    await eventually(async () => {
      expect(feeds.map((feed) => feed.isRevoked(key(id)))).toEqual([true, true]);
    }, 1_000);
  });
});

test("servers on one PostgreSQL learn within a second of what was revoked on another", async () => {
  await using home = await createTestHome("PostgreSQL");
  const [here, there] = [await openStore(home.options), await openStore(home.options)];
  const feed = start({ store: there });
  await feed.refresh();
  const user = await here.write((unit) => unit.users.insert({ name: "Ann", email: "ann@example.com", status: 1 }));
  const caller = { subject: user.id, roles: [], credential: "token", credentialId: "s", authVersion: 1 } as const;
  await here.write((unit) => unit.users.update(user.id, { status: 3 }));
  await eventually(async () => {
    expect(feed.isRevoked(caller)).toBe(true);
  }, 1_000);
  ending.abort();
  await feed.ended;
  await Promise.all([here.close(), there.close()]);
});
