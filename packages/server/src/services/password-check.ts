import { clientAddressOf } from "@rollcall/interceptors/server/real-ip";
import type { ServerCall } from "@rollcall/rpc";
import { describeAudit } from "../audit/audited-calls.js";
import type { LoginThrottle } from "../identity/login-throttle.js";
import { maySignIn } from "../identity/sessions.js";
import type { Passwords } from "../passwords.js";
import type { Unit } from "../storage/store.js";
import type { Credentials, User } from "../storage/user.js";
import { invalidCredentials, rateLimited } from "./errors.js";

/** What passwords are checked with. */
export interface PasswordCheckOptions {
  readonly passwords: Pick<Passwords, "verify">;
  readonly throttle: LoginThrottle;
}

/** Whose password it is said to be. */
interface NamedAccount {
  /** What the caller named: attempts at the same are counted together. */
  readonly account: string;
  /** Looks for it in the store. */
  readonly find: () => Promise<Credentials | undefined>;
}

/** A user whose password was right a moment ago. */
export interface CheckedUser {
  readonly user: User;
  readonly passwordHash: string;
}

/**
 * The user whose password it is.
 *
 * @throws StatusError `UNAUTHENTICATED` `INVALID_CREDENTIALS` for everybody else, after the same time whether or not there is
 *   such a user; `RESOURCE_EXHAUSTED` `RATE_LIMITED` when it comes too early after others that failed.
 */
export type CheckPassword = (named: NamedAccount, password: string, call: ServerCall) => Promise<CheckedUser>;

/** Makes what checks the passwords of people who say who they are. */
export function createPasswordCheck({ passwords, throttle }: PasswordCheckOptions): CheckPassword {
  return async function checkPassword({ account, find }, password, call) {
    const attempt = throttle.begin({ account, peer: clientAddressOf(call) });
    if (attempt.kind === "refused") {
      throw rateLimited(attempt.waitMs);
    }
    const compare = async () => {
      const { user, passwordHash } = (await find()) ?? {};
      describeAudit(call, { subject: user?.id });
      return { user, passwordHash, isRight: await passwords.verify(passwordHash, password) };
    };
    const { user, passwordHash, isRight } = await compare().catch((error: unknown) => {
      attempt.withdraw(); // too many hashes wait, or the store does not answer: nobody has learned anything
      throw error;
    });
    if (!isRight || passwordHash === undefined || !maySignIn(user)) {
      throw invalidCredentials();
    }
    attempt.succeed();
    return { user, passwordHash };
  };
}

/**
 * The user as it is now. Nobody else can change it before the unit of work ends.
 *
 * @throws StatusError `UNAUTHENTICATED` `INVALID_CREDENTIALS` when its password, status or roles have changed since the
 *   password was checked.
 */
export async function stillThe({ user: { id, authVersion } }: CheckedUser, { users }: Unit): Promise<User> {
  const user = await users.findForUpdate(id);
  if (!maySignIn(user) || user.authVersion !== authVersion) {
    throw invalidCredentials();
  }
  return user;
}
