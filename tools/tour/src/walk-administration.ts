import { Status } from "@rollcall/client";
import { expectError } from "./expect-error.js";
import type { Tour } from "./tour.js";

const shownEvents = 5;

/** Shows who did what. */
export async function readAuditLog({ client, narrator }: Tour): Promise<void> {
  narrator.chapter("See who did what", "ListAuditEvents, unary");
  const deleted = { method: "/user.v1.UserService/DeleteUser", pageSize: 1 };
  const { events: deletions } = await client.auth.listAuditEvents(deleted);
  const denied = { method: "/user.v1.UserService/SetUserRoles", pageSize: shownEvents };
  const { events: changes } = await client.auth.listAuditEvents(denied);
  for (const { time, actor, method, subject, status } of [...deletions, ...changes]) {
    narrator.tell(`${time?.toISOString() ?? ""} ${method} by ${actor} on ${subject}: ${status}`);
  }
}

/** Ends the administrator's session. */
export async function signOutAsAdministrator({ client, narrator }: Tour): Promise<void> {
  narrator.chapter("Sign out as the administrator, and call once more", "Logout");
  await client.signOut();
  await expectError(narrator, Status.UNAUTHENTICATED, client.auth.listAuditEvents({}));
}
