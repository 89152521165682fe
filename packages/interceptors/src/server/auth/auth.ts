import { type MethodPolicy, type ServerInterceptor, Status, StatusError } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { type Caller, setCaller } from "../caller.js";
import { retryInfoAfter } from "../retry-info.js";
import { type CredentialSource, UnverifiableCredentialsError } from "./credential-source.js";
import { settledBefore } from "./settled-before.js";

export { apiKey, type ApiKeyOptions } from "./api-key.js";
export { bearerToken, type BearerTokenOptions } from "./bearer-token.js";
export { clientCertificate, type ClientCertificateOptions } from "./client-certificate.js";
export type { CertificateIdentity } from "./certificate-identity.js";
export { type CredentialSource, UnverifiableCredentialsError } from "./credential-source.js";
export { joinVerifiers } from "./join-verifiers.js";
export { createKeySet, type KeySet, type ReplaceableKeySet } from "./key-set.js";
export { remoteKeySet, type RemoteKeySetOptions } from "./remote-key-set.js";
export type { SubjectAltName } from "./subject-alt-names.js";
export { callerFromClaims, type TokenClaims } from "./token-claims.js";
export { createTokenVerifier, type TokenVerifier, type TokenVerifierOptions } from "./token-verifier.js";

/** Which credentials count, and what clients are told of those that do not. */
export interface AuthOptions {
  /** What each method asks of its callers, by its path: public methods are left alone, whatever credentials come with a call. */
  readonly policies: ReadonlyMap<string, MethodPolicy>;
  /** Where credentials may be, the first to find any wins. */
  readonly sources: readonly CredentialSource[];
  /** Who gives the reason to the client: the domain of the `google.rpc.ErrorInfo`, such as the product's name. */
  readonly domain: string;
  /** The reason for credentials that do not count. Defaults to `CREDENTIALS_REJECTED`. */
  readonly rejectedReason?: string | undefined;
  /** The reason where nobody can tell now whether they count. Defaults to `CREDENTIALS_UNVERIFIABLE`. */
  readonly unverifiableReason?: string | undefined;
}

const retryMs = 1_000;

/**
 * Finds out who makes a call, for `callerOf`. Credentials that do not count end the call with `UNAUTHENTICATED`, always with
 * the same text: why they do not is the error's cause, for the log. Where nobody can tell, because the host that holds the
 * keys is down, calls end with `UNAVAILABLE`.
 *
 * A call without credentials goes on without a caller: put `authorize` after this.
 *
 * @throws TypeError without any source.
 */
export function auth(options: AuthOptions): ServerInterceptor {
  const { policies, sources } = options;
  if (sources.length === 0) {
    throw new TypeError("auth has no sources; without any, no credentials would ever count");
  }
  return withConcern("auth", (method) =>
    policies.get(method.path)?.access.kind === "public"
      ? undefined
      : async function auth(call, next) {
          try {
            for (const source of sources) {
              const answer = source(call);
              // Credentials that were seen before are known at once: only what is new is waited for.
              const caller = isPromise(answer) ? await settledBefore(answer, call.signal) : answer;
              if (caller !== undefined) {
                setCaller(call, caller);
                break;
              }
            }
          } catch (error) {
            throw statusOf(error, options);
          }
          await next();
        },
  );
}

function isPromise(answer: Caller | undefined | Promise<Caller | undefined>): answer is Promise<Caller | undefined> {
  return answer !== undefined && "then" in answer;
}

/** What the client is told: nothing that says which of all the checks its credentials did not pass. */
function statusOf(error: unknown, options: AuthOptions): StatusError {
  if (error instanceof StatusError && !error.received) {
    return error;
  }
  const { domain, rejectedReason = "CREDENTIALS_REJECTED", unverifiableReason = "CREDENTIALS_UNVERIFIABLE" } = options;
  if (error instanceof UnverifiableCredentialsError) {
    return new StatusError(Status.UNAVAILABLE, "the credentials cannot be verified at the moment; try again", {
      errorDetails: {
        errorInfo: { reason: unverifiableReason, domain, metadata: {} },
        retryInfo: retryInfoAfter(retryMs),
      },
      cause: error,
    });
  }
  return new StatusError(Status.UNAUTHENTICATED, "the credentials are not valid, or no longer; sign in again", {
    errorDetails: { errorInfo: { reason: rejectedReason, domain, metadata: {} } },
    cause: error,
  });
}
