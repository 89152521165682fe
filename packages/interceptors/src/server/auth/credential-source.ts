import type { InterceptedServerCall } from "@rollcall/rpc";
import type { Caller } from "../caller.js";

/**
 * Looks for one kind of credentials in a call. Undefined: there are none of that kind. What it throws means that there are,
 * and that they do not count; two errors mean something else: {@link UnverifiableCredentialsError}, and a StatusError made
 * here, which ends the call as it stands.
 *
 * A source that knows the answer gives it at once, without a promise: most calls bring what was seen before.
 */
export type CredentialSource = (call: InterceptedServerCall) => Caller | undefined | Promise<Caller | undefined>;

/** Nobody can tell now whether the credentials count, because whoever knows does not answer. */
export class UnverifiableCredentialsError extends Error {
  override readonly name = "UnverifiableCredentialsError";
}
