import {
  apiKey,
  auth,
  bearerToken,
  clientCertificate,
  type CredentialSource,
  joinVerifiers,
  type TokenVerifier,
} from "@rollcall/interceptors/server/auth";
import { authorize } from "@rollcall/interceptors/server/authorize";
import { type Caller, setCaller } from "@rollcall/interceptors/server/caller";
import type { MethodPolicy, ServerInterceptor } from "@rollcall/rpc";
import { errorDomain } from "../services/errors.js";
import type { Store } from "../storage/store.js";
import { type CertificateRoles, rolesOfCertificate } from "./certificate-roles.js";
import { liveAuthorization } from "./live-authorization.js";
import { refuseRevoked } from "./refuse-revoked.js";
import type { RevocationFeed } from "./revocation-feed.js";

/** Who is let in, and to what. */
export interface AccessOptions {
  readonly policies: ReadonlyMap<string, MethodPolicy>;
  readonly store: Pick<Store, "apiKeys">;
  readonly revocations: RevocationFeed;
  /** Whose tokens count: this server's own, and those of an issuer that it was told to trust. */
  readonly verifiers: readonly TokenVerifier[];
  /** What the names in clients' certificates may do. */
  readonly certificateRoles: CertificateRoles;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Finds out who calls, by token, API key or certificate, and lets only those call whom the policies name, for as long as
 * their credentials count.
 *
 * @throws TypeError when a service is bound, for a method without a policy.
 */
export function accessInterceptors(options: AccessOptions): readonly ServerInterceptor[] {
  const { policies, store, revocations, verifiers, certificateRoles, now } = options;
  const tokens = joinVerifiers(verifiers);
  const check = refuseRevoked(revocations);
  const sources: readonly CredentialSource[] = [
    bearerToken(tokens),
    apiKey({ lookup: (digest) => callerOfKey(store, digest), now }),
    clientCertificate({
      identify: ({ subjectAltNames }) => rolesOfCertificate(certificateRoles, subjectAltNames),
      now,
    }),
  ];
  return [
    auth({ policies, sources: sources.map((source) => (call) => check(source(call))), domain: errorDomain }),
    authorize({ policies, domain: errorDomain, strict: true }),
    liveAuthorization({ policies, revocations, verify: (token) => check(tokens.verify(token)), now }),
  ];
}

/** Lets everybody in, as an administrator. For trying things out on one machine. */
export function openAccess(): ServerInterceptor {
  const everybody: Caller = { subject: "", roles: ["admin"], credential: "none" };
  return () =>
    async function openAccess(call, next) {
      setCaller(call, everybody);
      await next();
    };
}

/** That a key has not run out is checked for every call, by whoever asks for it here. */
async function callerOfKey({ apiKeys }: Pick<Store, "apiKeys">, digest: string): Promise<Caller | undefined> {
  const key = await apiKeys.findByDigest(digest);
  if (key === undefined || key.revokedAt !== undefined) {
    return undefined;
  }
  const { id, roles, expiresAt } = key;
  return { subject: id, roles, credential: "apiKey", credentialId: id, expiresAt };
}
