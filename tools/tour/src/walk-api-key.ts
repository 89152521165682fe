import { setTimeout as sleep } from "node:timers/promises";
import { apiKey, createRollcallClient, type RollcallClient, Status } from "@rollcall/client";
import { expectError } from "./expect-error.js";
import type { Tour } from "./tour.js";

const revokedWithinMs = 1_000;

/** Has a service call with a key of its own, until the key is revoked. */
export async function callAsService({ client: { auth }, address, narrator, run }: Tour): Promise<void> {
  narrator.chapter("Make a key for a service that only reads", "CreateApiKey, unary");
  const { apiKey: key, secret } = await auth.createApiKey({ name: `tour ${run}`, roles: ["reader"] });
  const id = key?.id ?? "";
  narrator.tell(`key ${id} begins with ${secret.slice(0, 4)}; the rest is shown to nobody again`);

  await using service = createRollcallClient({ address, auth: apiKey(secret) });
  narrator.chapter("Call with the key", "ListUsers and CreateUser");
  const { value: first } = await service.users.listUsers({ pageSize: 1 }).next();
  narrator.tell(`it reads: the first user is ${first?.name ?? "nobody"}`);
  await expectError(narrator, Status.PERMISSION_DENIED, service.users.createUser({ name: "Nobody" }));

  narrator.chapter("Revoke the key, which stops it within a second", "RevokeApiKey and ListApiKeys, unary");
  await auth.revokeApiKey({ id });
  await sleep(revokedWithinMs);
  await expectError(narrator, Status.UNAUTHENTICATED, readOne(service));
  const { apiKeys } = await auth.listApiKeys({ pageSize: 10 });
  const revokedAt = apiKeys.find((listed) => listed.id === id)?.revokedAt;
  narrator.tell(`it is still listed, as revoked at ${revokedAt?.toISOString() ?? "no time"}`);
}

async function readOne({ users }: RollcallClient): Promise<void> {
  await users.listUsers({ pageSize: 1 }).next();
}
