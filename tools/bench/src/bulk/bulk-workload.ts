import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RollcallClient } from "@rollcall/client";
import type { ProcessUsage } from "./process-usage.js";
import { startVariant, type Variant } from "./variant.js";

/** How a server did on users in bulk. */
export interface BulkResult {
  readonly createdPerSecond: number;
  readonly listedPerSecond: number;
  /** CPU time of the server for each user that was listed, in microseconds. */
  readonly listCpuUs: number;
  readonly peakMebibytes: number;
}

const usersPerCall = 10_000;

/**
 * Creates users through calls of 10,000 and lists them in one stream, on a server that was just started.
 *
 * @throws Error if the list is not exactly what was created, in order: a fast wrong answer is a failure.
 */
export async function measureBulk(variant: Variant, users: number): Promise<BulkResult> {
  console.log(`${users.toLocaleString("en")} users: ${variant.name}`);
  const dataDir = await mkdtemp(join(tmpdir(), "rollcall-bench-"));
  try {
    await using server = await startVariant(variant, dataDir);
    const run = `${process.pid}.${Date.now()}`;
    const created = await timed(() => create(server.client, users, run));
    const before = await server.usage();
    const listed = await timed(() => list(server.client, created.value));
    return resultOf(users, created.seconds, listed.seconds, before, await server.usage());
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

function resultOf(
  users: number,
  createSeconds: number,
  listSeconds: number,
  before: ProcessUsage,
  after: ProcessUsage,
): BulkResult {
  return {
    createdPerSecond: users / createSeconds,
    listedPerSecond: users / listSeconds,
    listCpuUs: ((after.cpuMs - before.cpuMs) * 1_000) / users,
    peakMebibytes: after.peakBytes / 1_024 / 1_024,
  };
}

async function create({ users }: RollcallClient, count: number, run: string): Promise<string[]> {
  const ids: string[] = [];
  for (let start = 0; start < count; start += usersPerCall) {
    const answer = await users.createUsers(people(start, Math.min(start + usersPerCall, count), run));
    ids.push(...answer.users.map(({ id }) => id));
  }
  return ids;
}

function* people(from: number, to: number, run: string) {
  for (let number = from; number < to; number++) {
    yield {
      name: `Person Number ${number}`,
      email: `person.${number}.${run}@example.com`,
      roles: ["reader"],
      metadata: { team: `team-${number % 100}` },
    };
  }
}

async function list({ users }: RollcallClient, ids: readonly string[]): Promise<void> {
  const wanted = new Set(ids);
  let previous = "";
  for await (const { id } of users.listUsers({})) {
    if (id <= previous) {
      throw new Error(`the list is out of order: ${id} after ${previous}`);
    }
    previous = id;
    wanted.delete(id);
  }
  if (wanted.size > 0) {
    throw new Error(`the list lacks ${wanted.size} of ${ids.length} users`);
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly seconds: number }> {
  const startMs = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - startMs) / 1_000 };
}
