import type { RegisterRequest, Tokens } from "@rollcall/contracts/user/v1/auth_service";
import { UserStatus } from "@rollcall/contracts/user/v1/user";
import type { MessageInit } from "@rollcall/rpc";
import { freshEmail } from "./draft-user.fixture.js";
import type { GivenAuthService } from "./given-auth-service.fixture.js";

/** A password that nobody guesses. */
export const goodPassword = "correct horse battery staple";

/** Somebody who can sign in. */
export interface Person {
  readonly id: string;
  readonly email: string;
}

/** Somebody who has signed in. */
export interface SignedIn extends Person {
  readonly token: string;
  readonly refreshToken: string;
}

type Given = Pick<GivenAuthService, "auth" | "store" | "passwords">;

/** What to register with. */
export function registration(changes: MessageInit<RegisterRequest> = {}): MessageInit<RegisterRequest> {
  return { name: "Ada Lovelace", email: freshEmail(), password: goodPassword, ...changes };
}

/** Somebody with {@link goodPassword}, or with a hash, or with roles of their own. */
export async function makePerson(
  { store, passwords }: Given,
  { passwordHash, roles, status }: { passwordHash?: string; roles?: readonly string[]; status?: UserStatus } = {},
): Promise<Person> {
  const email = freshEmail();
  const hash = passwordHash ?? (await passwords.hash(goodPassword));
  const user = { name: "Ada", email, status: status ?? UserStatus.USER_STATUS_ACTIVE, roles: roles ?? [] };
  const { id } = await store.write((unit) => unit.users.insert({ ...user, passwordHash: hash }));
  return { id, email };
}

/** The same person, signed in once more. */
export async function signIn({ auth }: Given, { id, email }: Person): Promise<SignedIn> {
  const { tokens } = await auth.login({ email, password: goodPassword });
  return { id, email, ...toSignedIn(tokens) };
}

/** Somebody new, signed in, with these roles. */
export async function signInAs(given: Given, ...roles: readonly string[]): Promise<SignedIn> {
  return signIn(given, await makePerson(given, { roles }));
}

/** What calls are made with. */
export function toSignedIn(tokens: Tokens | undefined): Pick<SignedIn, "token" | "refreshToken"> {
  return { token: tokens?.accessToken ?? "", refreshToken: tokens?.refreshToken ?? "" };
}

/** Ways to end with nothing to tell one from another. */
export const invalidCredentials = {
  code: 16,
  details: "the e-mail or the password is wrong",
  reason: "INVALID_CREDENTIALS",
};

export const credentialsRejected = {
  code: 16,
  details: "the credentials are not valid, or no longer; sign in again",
  reason: "CREDENTIALS_REJECTED",
};
