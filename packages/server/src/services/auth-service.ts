import type {
  AuthServiceDefinition,
  ChangePasswordRequest,
  LoginRequest,
  RegisterRequest,
} from "@rollcall/contracts/user/v1/auth_service";
import { UserStatus } from "@rollcall/contracts/user/v1/user";
import { callerOf } from "@rollcall/interceptors/server/caller";
import { type ServerCall, type ServiceImplementation, StatusError } from "@rollcall/rpc";
import { commit } from "../audit/commit.js";
import type { LoginThrottle } from "../identity/login-throttle.js";
import type { Sessions } from "../identity/sessions.js";
import type { Passwords } from "../passwords.js";
import type { Store } from "../storage/store.js";
import { toEmailKey } from "../storage/user-row.js";
import { createApiKey, listApiKeys, revokeApiKey } from "./api-keys.js";
import { listAuditEvents } from "./audit-events.js";
import { withChangeStatus } from "./change-status.js";
import { credentialsRejected, registrationClosed } from "./errors.js";
import { createPasswordCheck, stillThe } from "./password-check.js";
import { toUserMessage } from "./user-message.js";

/** What {@link createAuthService} works with. */
export interface AuthServiceOptions {
  readonly store: Store;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly throttle: LoginThrottle;
  /** Whether anybody may make an account. */
  readonly registration: "open" | "closed";
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * AuthService as the contract describes it, on a store. Its handlers take requests that keep the rules: bind it behind
 * `validate` with `authRequestRules`, and behind what finds out who calls.
 */
export function createAuthService(options: AuthServiceOptions): ServiceImplementation<AuthServiceDefinition> {
  const { store, passwords, sessions, registration, now = Date.now } = options;
  const checkPassword = createPasswordCheck(options);

  async function register({ name, email, password, phone }: RegisterRequest, call: ServerCall) {
    if (registration === "closed") {
      throw registrationClosed();
    }
    const status = UserStatus.USER_STATUS_ACTIVE;
    const draft = { name, email, phone, status, passwordHash: await passwords.hash(password) };
    const begin = await sessions.prepare();
    const about = ({ user: { id } }: { readonly user: { readonly id: string } }) => ({ actor: id, subject: id });
    const creation = commit(store, call, about, async (unit) => {
      const user = await unit.users.insert(draft);
      return { user: toUserMessage(user), tokens: await begin(unit, user) };
    });
    return withChangeStatus({ email }, creation);
  }

  async function login({ email, password }: LoginRequest, call: ServerCall) {
    const named = { account: toEmailKey(email), find: () => store.users.findCredentials(email) };
    const checked = await checkPassword(named, password, call);
    const {
      user: { id },
      passwordHash,
    } = checked;
    const renewed = passwords.isOutdated(passwordHash) ? await hashUnlessBusy(passwords, password) : undefined;
    const begin = await sessions.prepare();
    return commit(store, call, { actor: id, subject: id }, async (unit) => {
      const user = await stillThe(checked, unit);
      if (renewed !== undefined) {
        await unit.users.rehash(id, passwordHash, renewed);
      }
      return { user: toUserMessage(user), tokens: await begin(unit, user) };
    });
  }

  async function changePassword({ currentPassword, newPassword }: ChangePasswordRequest, call: ServerCall) {
    const id = callerOf(call)?.subject ?? "";
    const named = { account: id, find: () => store.users.findCredentialsById(id) };
    const checked = await checkPassword(named, currentPassword, call);
    const passwordHash = await passwords.hash(newPassword);
    const begin = await sessions.prepare();
    return commit(store, call, { subject: id }, async (unit) => {
      await stillThe(checked, unit);
      const user = await unit.users.update(id, { passwordHash });
      await unit.sessions.endAllOf(id);
      return { tokens: await begin(unit, user) };
    });
  }

  return {
    register,
    login,
    changePassword,

    async refreshToken({ refreshToken }, call) {
      const tokens = await sessions.refresh(refreshToken, call);
      if (tokens === undefined) {
        throw credentialsRejected();
      }
      return { tokens };
    },

    async logout({ allSessions }, call) {
      const { subject = "", credentialId = "" } = callerOf(call) ?? {};
      await commit(store, call, { subject }, (unit) =>
        allSessions ? unit.sessions.endAllOf(subject) : unit.sessions.end(credentialId),
      );
      return {};
    },

    createApiKey: (request, call) => createApiKey(request, { store, call, now }),

    listApiKeys: (request) => listApiKeys(request, store),

    revokeApiKey: (request, call) => revokeApiKey(request, { store, call }),

    listAuditEvents: (request) => listAuditEvents(request, store),
  };
}

/** A hash to put in place of an older one; undefined when that has to wait until the next sign-in. */
async function hashUnlessBusy(passwords: Passwords, password: string): Promise<string | undefined> {
  try {
    return await passwords.hash(password);
  } catch (error) {
    if (error instanceof StatusError) {
      return undefined;
    }
    throw error;
  }
}
