import { idempotency } from "@rollcall/interceptors/server/idempotency";
import { requestSize } from "@rollcall/interceptors/server/request-size";
import { validate } from "@rollcall/interceptors/server/validate";
import type { ServerInterceptor } from "@rollcall/rpc";
import { methodPolicies as policies, requestRules, requestSchemas } from "../method-tables.js";
import type { Passwords } from "../passwords.js";
import type { Store } from "../storage/store.js";
import { errorDomain } from "./errors.js";
import { createRequestFingerprint } from "./request-fingerprint.js";

/** What the requests are looked up in. */
export interface RequestInterceptorParts {
  readonly store: Pick<Store, "answers">;
  readonly passwords: Passwords;
}

/**
 * What the services rely on: requests that reach a handler are of bounded size, keep the rules of the contract, and did
 * not take effect before under their id. The first is outermost.
 */
export function createRequestInterceptors({ store, passwords }: RequestInterceptorParts): readonly ServerInterceptor[] {
  return [
    requestSize({ policies, domain: errorDomain }),
    validate({ schemas: requestSchemas, also: requestRules, domain: errorDomain }),
    idempotency({
      policies,
      answers: store.answers,
      domain: errorDomain,
      fingerprint: createRequestFingerprint(passwords),
    }),
  ];
}
