import { UnverifiableCredentialsError } from "@rollcall/interceptors/server/auth";
import type { Caller } from "@rollcall/interceptors/server/caller";
import { StoreError } from "../storage/store-error.js";
import type { RevocationFeed } from "./revocation-feed.js";

/** Passes on whom credentials stand for, at once where that is known at once. */
export type CheckCaller = <Found extends Caller | undefined>(found: Found | Promise<Found>) => Found | Promise<Found>;

/**
 * Refuses callers whose credentials were revoked. Where it is not known what was revoked within the last second, the store
 * is asked; where that does not answer, nobody can tell (`UnverifiableCredentialsError`), and nobody is let in.
 */
export function refuseRevoked(revocations: Pick<RevocationFeed, "isRevoked" | "isFresh" | "refresh">): CheckCaller {
  const refuse = <Found extends Caller | undefined>(caller: Found): Found => {
    if (caller !== undefined && revocations.isRevoked(caller)) {
      throw new Error("the credentials were revoked");
    }
    return caller;
  };

  const check = <Found extends Caller | undefined>(caller: Found): Found | Promise<Found> =>
    caller === undefined || revocations.isFresh() || revocations.isRevoked(caller)
      ? refuse(caller)
      : revocations.refresh().then(() => refuse(caller));

  return function checkCaller(found) {
    return found instanceof Promise ? found.then(check).catch(throwUnverifiable) : whenKnown(check(found));
  };
}

function whenKnown<T>(checked: T | Promise<T>): T | Promise<T> {
  return checked instanceof Promise ? checked.catch(throwUnverifiable) : checked;
}

/** The store keeps signing keys, API keys and revocations: without it credentials are neither good nor bad. */
function throwUnverifiable(error: unknown): never {
  throw error instanceof StoreError
    ? new UnverifiableCredentialsError("the store does not say whether the credentials count", { cause: error })
    : error;
}
