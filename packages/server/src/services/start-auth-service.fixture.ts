import { AuthServiceDefinition } from "@rollcall/contracts/user/v1/auth_service";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { realIp } from "@rollcall/interceptors/server/real-ip";
import { recovery } from "@rollcall/interceptors/server/recovery";
import { requestId } from "@rollcall/interceptors/server/request-id";
import { requestSize } from "@rollcall/interceptors/server/request-size";
import { validate } from "@rollcall/interceptors/server/validate";
import { type CallOptions, type Client, createClient, type ServerInterceptor } from "@rollcall/rpc";
import { bindService, createChannel, createServer, listen, shutDown } from "@rollcall/rpc/grpc";
import { accessInterceptors } from "../access/access-interceptors.js";
import { createRevocationFeed, type RevocationFeed } from "../access/revocation-feed.js";
import { auditCalls } from "../audit/audit-interceptor.js";
import { Rooms } from "../chat/rooms.js";
import { type AccessTokens, createAccessTokens } from "../identity/access-tokens.js";
import { createLoginThrottle } from "../identity/login-throttle.js";
import { createSessions } from "../identity/sessions.js";
import { createSigningKeys } from "../identity/signing-keys.js";
import { createPasswords, type Passwords } from "../passwords.js";
import type { Store } from "../storage/store.js";
import { createAuthService } from "./auth-service.js";
import { policies, requestRules, requestSchemas } from "./auth-tables.fixture.js";
import { errorDomain as domain } from "./errors.js";
import { storeStatus } from "./store-status.js";
import { createUserService } from "./user-service.js";

/** Enough for a test, and quick. */
export const cheapCost = { memoryCost: 64, timeCost: 1, parallelism: 1 };

const loopback = "127.0.0.1";
const tokenLifetimeMs = 600_000;

export interface StartAuthServiceOptions {
  /** Cheap ones by default. */
  readonly passwords?: Passwords | undefined;
  /** Open by default. */
  readonly registration?: "open" | "closed" | undefined;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** AuthService and UserService on a real server, for callers with credentials. */
export interface RunningAuthService extends AsyncDisposable {
  readonly auth: Client<AuthServiceDefinition>;
  readonly users: Client<UserServiceDefinition>;
  readonly accessTokens: AccessTokens;
  readonly passwords: Passwords;
  /** What ended calls, or was not written to the audit log, without anybody having foreseen it. */
  readonly unexpected: readonly unknown[];
}

/** What calls come with. */
export interface Credentials {
  readonly token?: string | undefined;
  readonly apiKey?: string | undefined;
  /** The address that the call comes from, as a proxy says. */
  readonly from?: string | undefined;
}

/** Options of a call that is made with these. */
export function as({ token, apiKey, from }: Credentials): CallOptions {
  return {
    metadata: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(apiKey !== undefined && { "x-api-key": apiKey }),
      ...(from !== undefined && { "x-forwarded-for": from }),
    },
  };
}

/** Puts together what signing in takes, on a store, and serves it. */
export async function startAuthService(
  store: Store,
  { passwords = createPasswords({ cost: cheapCost }), registration = "open", now }: StartAuthServiceOptions = {},
): Promise<RunningAuthService> {
  const ending = new AbortController();
  const unexpected: unknown[] = [];
  const revocations = createRevocationFeed({ store, tokenLifetimeMs, signal: ending.signal, everyMs: 20 });
  const accessTokens = createTokens(store, revocations, now);
  const sessions = createSessions({ store, accessTokens, now });
  const throttle = createLoginThrottle({ now });
  const rooms = new Rooms(store.messages);
  const onError = (error: unknown) => unexpected.push(error);
  const interceptors = createInterceptors({ store, revocations, accessTokens, now, onError });
  const server = createServer();
  const authService = createAuthService({ store, passwords, sessions, throttle, registration, now });
  const userService = createUserService({ store, rooms, passwords });
  for (const { service, handlers } of [
    bindService(AuthServiceDefinition, authService, { interceptors }),
    bindService(UserServiceDefinition, userService, { interceptors }),
  ]) {
    server.addService(service, handlers);
  }
  const { port } = await listen(server, `${loopback}:0`);
  const channel = createChannel({ address: `${loopback}:${String(port)}` });
  return {
    auth: createClient(AuthServiceDefinition, channel),
    users: createClient(UserServiceDefinition, channel),
    accessTokens,
    passwords,
    unexpected,
    async [Symbol.asyncDispose]() {
      channel.close();
      await shutDown(server, 0);
      rooms.close();
      ending.abort();
      await revocations.ended;
    },
  };
}

function createTokens(store: Store, revocations: RevocationFeed, now?: () => number): AccessTokens {
  return createAccessTokens({
    keys: createSigningKeys(store, { tokenLifetimeMs, now }),
    issuer: "rollcall",
    audience: "rollcall",
    lifetimeMs: tokenLifetimeMs,
    isRevoked: (caller) => revocations.isRevoked(caller),
    now,
  });
}

interface InterceptorParts {
  readonly store: Store;
  readonly revocations: RevocationFeed;
  readonly accessTokens: AccessTokens;
  readonly now: (() => number) | undefined;
  readonly onError: (error: unknown) => void;
}

function createInterceptors({
  store,
  accessTokens,
  onError,
  ...parts
}: InterceptorParts): readonly ServerInterceptor[] {
  const access = { policies, store, verifiers: [accessTokens.verifier], certificateRoles: new Map(), ...parts };
  return [
    realIp({ trustedProxies: [loopback] }),
    requestId(),
    auditCalls({ policies, store, onError }),
    recovery({ domain, onError }),
    storeStatus,
    ...accessInterceptors(access),
    requestSize({ policies, domain }),
    validate({ schemas: requestSchemas, also: requestRules, domain }),
  ];
}
