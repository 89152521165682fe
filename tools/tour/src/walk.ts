import { createRollcallClient, type EmailAndPassword } from "@rollcall/client";
import { readAuditLog, signOutAsAdministrator } from "./walk-administration.js";
import { callAsService } from "./walk-api-key.js";
import { missDeadline, talk } from "./walk-chat.js";
import { callAsUser } from "./walk-user.js";
import { createMany, createOne, list, meetErrors, readAndChange, removeAll } from "./walk-users.js";
import { meetStranger, signInAsAdministrator, useRefreshTokenTwice } from "./walk-sign-in.js";
import type { Narrator } from "./narrator.js";
import type { Tour } from "./tour.js";

/** Where to walk, and as whom. */
export interface WalkedServer {
  readonly address: string;
  readonly administrator: EmailAndPassword;
}

/**
 * Walks through every call of the services, telling what happens.
 *
 * @param run - Tells this walk from others on the same server.
 * @throws Error if a call does anything but what it should.
 */
export async function walk({ address, administrator }: WalkedServer, narrator: Narrator, run: string): Promise<void> {
  await using client = createRollcallClient({ address });
  const tour: Tour = { client, address, narrator, run, created: new Map() };
  await meetStranger(tour, administrator);
  await signInAsAdministrator(tour, administrator);
  try {
    await useRefreshTokenTwice(tour, administrator);
    const ada = await createOne(tour);
    await readAndChange(tour, ada);
    await meetErrors(tour, ada);
    await createMany(tour);
    await list(tour);
    await talk(tour);
    await missDeadline(tour);
    await callAsUser(tour, ada);
    await callAsService(tour);
  } finally {
    await removeAll(tour);
  }
  await readAuditLog(tour);
  await signOutAsAdministrator(tour);
}
