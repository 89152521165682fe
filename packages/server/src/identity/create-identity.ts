import type { MethodPolicy, ServerInterceptor } from "@rollcall/rpc";
import { accessInterceptors, openAccess } from "../access/access-interceptors.js";
import { parseCertificateRoles } from "../access/certificate-roles.js";
import { createExternalVerifier } from "../access/external-issuer.js";
import { createRevocationFeed } from "../access/revocation-feed.js";
import type { Config } from "../config.js";
import type { Store } from "../storage/store.js";
import { createAccessTokens } from "./access-tokens.js";
import { createLoginThrottle, type LoginThrottle } from "./login-throttle.js";
import { createSessions, type Sessions } from "./sessions.js";
import { createSigningKeys } from "./signing-keys.js";

/** What identity is made of. */
export interface IdentityParts {
  readonly config: Config;
  readonly store: Store;
  /** What each method asks of its callers. */
  readonly policies: ReadonlyMap<string, MethodPolicy>;
  /** Ends what runs in the background when aborted. */
  readonly signal: AbortSignal;
}

/** Signs people in, and finds out who calls. */
export interface Identity {
  readonly sessions: Sessions;
  readonly throttle: LoginThrottle;
  /** Let only those call whom the policies name. */
  readonly access: readonly ServerInterceptor[];
  /** Resolves when nothing of it runs any more. */
  readonly ended: Promise<unknown>;
}

/** Puts together what signs people in and what checks their credentials, on one store. */
export function createIdentity({ config, store, policies, signal }: IdentityParts): Identity {
  const { accessTokenMs, tokenIssuer: issuer, tokenAudience: audience } = config;
  const keys = createSigningKeys(store, { tokenLifetimeMs: accessTokenMs });
  const revocations = createRevocationFeed({ store, tokenLifetimeMs: accessTokenMs, signal });
  const accessTokens = createAccessTokens({
    keys,
    issuer,
    audience,
    lifetimeMs: accessTokenMs,
    isRevoked: (caller) => revocations.isRevoked(caller),
  });
  const external = createExternalVerifier(config);
  const required = () =>
    accessInterceptors({
      policies,
      store,
      revocations,
      verifiers: external === undefined ? [accessTokens.verifier] : [accessTokens.verifier, external],
      certificateRoles: parseCertificateRoles(config.tlsClientRoles) ?? new Map(),
    });
  return {
    sessions: createSessions({ store, accessTokens }),
    throttle: createLoginThrottle(),
    access: config.auth === "off" ? [openAccess()] : required(),
    ended: revocations.ended,
  };
}
