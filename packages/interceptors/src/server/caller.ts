import { type Call, createCallKey } from "@rollcall/rpc";

/** Who makes a call, as the credentials prove that came with it. */
export interface Caller {
  /** The id of the user or of the service. */
  readonly subject: string;
  readonly roles: readonly string[];
  /** What proved it: an access token, an API key, the certificate of the connection, or nothing where nothing is asked for. */
  readonly credential: "token" | "apiKey" | "certificate" | "none";
  /** Which one it was, for revoking it: the session of a token, the id of an API key. */
  readonly credentialId?: string | undefined;
  /** When the credentials run out. Undefined: not by themselves. */
  readonly expiresAt?: Date | undefined;
}

type CallWithValues = Pick<Call, "values">;

const callerKey = createCallKey<Caller | undefined>("caller", undefined);

/** Who makes the call; undefined for callers who did not say. */
export function callerOf({ values }: CallWithValues): Caller | undefined {
  return values.get(callerKey);
}

/** Tells the interceptors further in, and the handler, who makes the call. */
export function setCaller({ values }: CallWithValues, caller: Caller): void {
  values.set(callerKey, caller);
}
