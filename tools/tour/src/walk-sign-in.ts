import { type EmailAndPassword, isReason, password, Status } from "@rollcall/client";
import { expectError, tellError } from "./expect-error.js";
import type { Tour } from "./tour.js";

/** What the server lets a stranger do: nothing. */
export async function meetStranger(
  { client, narrator, run, created }: Tour,
  administrator: EmailAndPassword,
): Promise<void> {
  narrator.chapter("Call without saying who you are", "ListUsers");
  await expectError(narrator, Status.UNAUTHENTICATED, client.users.listUsers({}).next());

  narrator.chapter("Make yourself an account", "Register, unary");
  const stranger = { name: "A Stranger", email: `stranger.${run}@example.com`, password: `open sesame ${run}` };
  try {
    const { user } = await client.auth.register(stranger);
    if (user !== undefined) {
      created.set(user.id, user);
    }
    narrator.tell("this server lets anybody register");
  } catch (error) {
    if (!isReason(error, "REGISTRATION_CLOSED")) {
      throw error;
    }
    tellError(narrator, error);
  }

  narrator.chapter("Guess the administrator's password", "Login, unary");
  const guess = { email: administrator.email, password: `letmein ${run}` };
  await expectError(narrator, Status.UNAUTHENTICATED, client.signIn(password(guess)));
}

/** From here on the client makes its calls as an administrator. */
export async function signInAsAdministrator(
  { client, narrator }: Tour,
  administrator: EmailAndPassword,
): Promise<void> {
  narrator.chapter("Sign in as an administrator", "Login");
  const user = await client.signIn(password(administrator));
  narrator.tell(`${user?.name ?? "nobody"} <${user?.email ?? ""}> may do what ${user?.roles.join(" and ") ?? ""} may`);
  narrator.tell("the client gets new tokens by itself, also for a chat that stays open");
}

/** What the client does by itself, done by hand once. */
export async function useRefreshTokenTwice({ client, narrator }: Tour, administrator: EmailAndPassword): Promise<void> {
  narrator.chapter("Get new tokens by hand, with a refresh token that somebody has stolen", "RefreshToken, unary");
  const { tokens } = await client.auth.login(administrator);
  const refreshToken = tokens?.refreshToken ?? "";
  const renewed = await client.auth.refreshToken({ refreshToken });
  narrator.tell(`the next access token lasts until ${renewed.tokens?.accessTokenExpiresAt?.toISOString() ?? "never"}`);
  await expectError(narrator, Status.UNAUTHENTICATED, client.auth.refreshToken({ refreshToken }));
  narrator.tell("it was used before, so that session is over, for the thief as well");
}
