import { errors } from "@rollcall/contracts/user/v1/error_reason.errors";
import { UnverifiableCredentialsError } from "@rollcall/interceptors/server/auth";
import { type Caller, callerOf, setCaller } from "@rollcall/interceptors/server/caller";
import {
  type CallKey,
  createCallKey,
  type InterceptedServerCall,
  type MethodPolicy,
  type ServerCall,
  type ServerInterceptor,
} from "@rollcall/rpc";
import { credentialsRejected, permissionDenied } from "../services/errors.js";
import { CredentialExpiry, type ExpiryClock } from "./credential-expiry.js";
import type { RevocationFeed } from "./revocation-feed.js";

/** What running calls are held to. */
export interface LiveAuthorizationOptions extends ExpiryClock {
  readonly policies: ReadonlyMap<string, MethodPolicy>;
  readonly revocations: Pick<RevocationFeed, "isRevoked" | "onRevoked">;
  /** Whom an access token stands for, unless it was revoked. */
  readonly verify: (token: string) => Caller | Promise<Caller>;
}

type Renew = (token: string) => Promise<void>;

const renewKey: CallKey<Renew | undefined> = createCallKey<Renew | undefined>("renew", undefined);

/**
 * Ends streams with `UNAUTHENTICATED` as soon as their caller's credentials are revoked. Those that their policy lets stay
 * open for ever also end when the credentials run out, unless they are renewed by {@link renewCaller}; the others end by
 * their deadline.
 *
 * Put it after `authorize`.
 */
export function liveAuthorization(options: LiveAuthorizationOptions): ServerInterceptor {
  const { policies, revocations, verify, ...clock } = options;
  const running = new Set<InterceptedServerCall>();

  const isRevoked = (call: InterceptedServerCall) => {
    const caller = callerOf(call);
    return caller !== undefined && revocations.isRevoked(caller);
  };
  revocations.onRevoked(() => {
    [...running].filter(isRevoked).forEach((call) => {
      call.abort(credentialsRejected());
    });
  });

  return (method) => {
    const policy = policies.get(method.path);
    if (method.kind === "unary" || policy?.access.kind === "public") {
      return undefined;
    }
    return async function liveAuthorization(call, next) {
      const expiry = policy?.maxDeadlineMs === undefined ? new CredentialExpiry(call, clock) : undefined;
      if (isRevoked(call)) {
        throw credentialsRejected(); // since it was let in: what is not running yet is not told
      }
      running.add(call);
      expiry?.follow(callerOf(call));
      call.values.set(renewKey, async (token) => {
        const caller = await verify(token);
        requireSame(caller, callerOf(call), policy);
        if (running.has(call)) {
          setCaller(call, caller);
          expiry?.follow(caller);
        }
      });
      try {
        await next();
      } finally {
        expiry?.stop();
        running.delete(call);
      }
    };
  };
}

/**
 * Keeps a running call authorised beyond the end of its caller's token by a newer one of the same caller. Does nothing for
 * calls that nobody had to sign in for.
 *
 * @throws StatusError `UNAUTHENTICATED` for a token that does not count, `PERMISSION_DENIED` for one of somebody else or
 *   without the roles that the call was let in for, `UNAVAILABLE` when nobody can tell.
 */
export async function renewCaller({ values }: Pick<ServerCall, "values">, token: string): Promise<void> {
  try {
    await values.get(renewKey)?.(token);
  } catch (error) {
    throw statusOf(error);
  }
}

function statusOf(error: unknown) {
  if (error instanceof OtherCallerError) {
    return permissionDenied();
  }
  return error instanceof UnverifiableCredentialsError
    ? errors.credentialsUnverifiable({ cause: error })
    : credentialsRejected();
}

class OtherCallerError extends Error {
  override readonly name = "OtherCallerError";
}

/** Whoever was let in for a role must still have one that lets in: nobody asks again who may make the call. */
function requireSame(caller: Caller, earlier: Caller | undefined, policy: MethodPolicy | undefined): void {
  const roles = policy === undefined || policy.access.kind === "public" ? [] : policy.access.roles;
  const hasRole = ({ roles: held }: Caller) => roles.some((role) => held.includes(role));
  if (caller.subject !== earlier?.subject || (hasRole(earlier) && !hasRole(caller))) {
    throw new OtherCallerError("the token is another caller's, or lacks the roles of the one before");
  }
}
