import { Tokens } from "@rollcall/contracts/user/v1/auth_service";
import { UserStatus } from "@rollcall/contracts/user/v1/user";
import { type ServerCall, Status } from "@rollcall/rpc";
import { auditRecordOf } from "../audit/audit-record.js";
import type { Session, StoredToken } from "../storage/identity/session.js";
import type { Store, Unit } from "../storage/store.js";
import type { User } from "../storage/user.js";
import type { AccessTokens, SignAccessToken } from "./access-tokens.js";
import { createSecret, digestOf, type Secret } from "./secret.js";

/** How long people stay signed in. */
export interface SessionsOptions {
  readonly store: Store;
  readonly accessTokens: AccessTokens;
  /** How long a refresh token waits to be used, in milliseconds. Defaults to 30 days. */
  readonly refreshTokenMs?: number | undefined;
  /** How long a session lasts at most, in milliseconds. Defaults to 90 days. */
  readonly sessionMs?: number | undefined;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** Begins a session of a user, inside a unit of work. */
type BeginSession = (unit: Unit, user: User) => Promise<Tokens>;

/** Begins sessions and goes on with them. */
export interface Sessions {
  /** Makes ready to begin one. Call it outside of units of work. */
  prepare(): Promise<BeginSession>;
  /**
   * Goes on with the session of a refresh token. One that was used before ends its session, since somebody must have
   * stolen it, and the audit log says so; a user who may not sign in any more ends it as well.
   *
   * @returns the next tokens, or undefined when the token does not count
   */
  refresh(refreshToken: string, call: ServerCall): Promise<Tokens | undefined>;
}

const dayMs = 86_400_000;

/** Sessions of people who sign in, as the store keeps them. */
export function createSessions(options: SessionsOptions): Sessions {
  const { store, accessTokens, refreshTokenMs = 30 * dayMs, sessionMs = 90 * dayMs, now = Date.now } = options;

  const nextToken = (): NextToken => {
    const secret = createSecret("rcr_");
    return { secret, stored: { digest: secret.digest, expiresAt: new Date(now() + refreshTokenMs) } };
  };

  async function goOn(unit: Unit, session: Session, next: NextToken, sign: SignAccessToken) {
    const user = await unit.users.find(session.userId);
    if (!maySignIn(user)) {
      await unit.sessions.end(session.id);
      return undefined;
    }
    return tokensOf(user, session, { sign, next });
  }

  async function endStolen(unit: Unit, { id, userId }: Session, call: ServerCall) {
    await unit.sessions.end(id);
    const about = { actor: userId, subject: userId, detail: "a refresh token was used twice; its session has ended" };
    const outcome = { status: Status.UNAUTHENTICATED, reason: "CREDENTIALS_REJECTED" };
    await unit.audit.append(auditRecordOf(call, about, outcome));
  }

  return {
    async prepare() {
      const sign = await accessTokens.signer();
      return async function beginSession(unit, user) {
        const next = nextToken();
        const expiresAt = new Date(now() + sessionMs);
        const session = await unit.sessions.begin({ userId: user.id, expiresAt }, next.stored);
        return tokensOf(user, session, { sign, next });
      };
    },

    async refresh(refreshToken, call) {
      const sign = await accessTokens.signer();
      const digest = digestOf(refreshToken);
      return store.write(async (unit) => {
        const next = nextToken();
        const rotation = await unit.sessions.rotate(digest, next.stored);
        switch (rotation.kind) {
          case "rotated":
            return goOn(unit, rotation.session, next, sign);
          case "reused":
            await endStolen(unit, rotation.session, call);
            return undefined;
          case "unknown":
            return undefined;
        }
      });
    },
  };
}

/** Whether the user is there, and neither banned nor inactive. */
export function maySignIn(user: User | undefined): user is User {
  return user?.status === UserStatus.USER_STATUS_ACTIVE.valueOf();
}

interface NextToken {
  readonly secret: Secret;
  readonly stored: StoredToken;
}

interface NewTokens {
  readonly sign: SignAccessToken;
  readonly next: NextToken;
}

async function tokensOf(user: User, session: Session, { sign, next }: NewTokens): Promise<Tokens> {
  const { token, expiresAt } = await sign(user, session.id);
  const endsAtMs = Math.min(next.stored.expiresAt.getTime(), session.expiresAt.getTime());
  return Tokens.fromPartial({
    accessToken: token,
    accessTokenExpiresAt: expiresAt,
    refreshToken: next.secret.text,
    refreshTokenExpiresAt: new Date(endsAtMs),
  });
}
