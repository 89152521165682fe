import { expect, test } from "@jest/globals";
import { forgetOldAnswers } from "./forget-old-answers.js";
import { createLogger } from "./logger.js";
import { createTestHome } from "./storage/test-store.fixture.js";
import { openStore } from "./storage/open-store.js";

const logger = createLogger({ level: "silent" });
const hourMs = 3_600_000;

test("answers are kept for a day and then removed", async () => {
  await using home = await createTestHome("SQLite");
  let nowMs = Date.now();
  const store = await openStore({ ...home.options, now: () => nowMs });
  const claim = (requestId: string) =>
    store.write(({ answers }) => answers.claim({ caller: "ada", method: "CreateUser", requestId }, "fingerprint"));
  await claim("old");
  nowMs += 23 * hourMs;
  await claim("young");

  await oneRound(store, nowMs);
  await expect(store.answers.find({ caller: "ada", method: "CreateUser", requestId: "old" })).resolves.toBeDefined();

  await oneRound(store, nowMs + 2 * hourMs);
  await expect(store.answers.find({ caller: "ada", method: "CreateUser", requestId: "old" })).resolves.toBeUndefined();
  await expect(store.answers.find({ caller: "ada", method: "CreateUser", requestId: "young" })).resolves.toBeDefined();
  await store.close();
});

async function oneRound(store: Parameters<typeof forgetOldAnswers>[0], nowMs: number): Promise<void> {
  const stop = new AbortController();
  const now = () => {
    stop.abort(); // after this round
    return nowMs;
  };
  await forgetOldAnswers(store, { logger, now, signal: stop.signal });
}
