import { createRollcallClient, password, Status, type User } from "@rollcall/client";
import { expectError } from "./expect-error.js";
import type { Tour } from "./tour.js";
import { passwordOf } from "./walk-users.js";

/** What a user may do who is no administrator, and what not. */
export async function callAsUser(tour: Tour, { id, email }: User): Promise<void> {
  const { address, narrator, run } = tour;
  const currentPassword = passwordOf(tour);
  await using hers = createRollcallClient({ address, auth: password({ email, password: currentPassword }) });

  narrator.chapter("Sign in as the user, and change what is hers", "Login and UpdateUser");
  const { name } = await hers.users.updateUser({ id, name: "Augusta Ada King" });
  narrator.tell(`she now calls herself ${name}`);

  narrator.chapter("Make herself an administrator", "SetUserRoles");
  await expectError(narrator, Status.PERMISSION_DENIED, hers.users.setUserRoles({ id, roles: ["admin"] }));

  narrator.chapter("Change her password", "ChangePassword, unary");
  await hers.auth.changePassword({ currentPassword, newPassword: `battery staple ${run}` });
  await hers.users.getUser({ id });
  narrator.tell("all of her sessions are over but this one, which goes on");

  narrator.chapter("Sign out, and call once more", "Logout, unary");
  await hers.signOut();
  await expectError(narrator, Status.UNAUTHENTICATED, hers.users.getUser({ id }));
}
