import { type Call, createCallKey } from "@rollcall/rpc";

/** Under which key of the metadata, and of the trailer, the id of a call travels. */
export const requestIdName = "x-request-id";

type CallWithValues = Pick<Call, "values">;

const requestIdKey = createCallKey<string | undefined>("requestId", undefined);

/** The id that ties together what clients, servers and logs say of a call; undefined where nobody gave it one. */
export function requestIdOf({ values }: CallWithValues): string | undefined {
  return values.get(requestIdKey);
}

/** Tells the interceptors further in, and the handler, which id the call has. */
export function setRequestId({ values }: CallWithValues, requestId: string): void {
  values.set(requestIdKey, requestId);
}
