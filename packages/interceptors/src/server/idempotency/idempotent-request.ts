import { type Call, createCallKey } from "@rollcall/rpc";

/** Names one request among all: what comes again carries the same id from the same caller to the same method. */
export interface RequestKey {
  /** The caller's subject; empty for callers who did not say who they are. */
  readonly caller: string;
  /** The path of the method: `/user.v1.UserService/CreateUser`. */
  readonly method: string;
  /** What the caller chose. */
  readonly requestId: string;
}

/** A request that takes effect once, however often it comes. */
export interface IdempotentRequest {
  readonly key: RequestKey;
  /** Tells this request from others under the same key. */
  readonly fingerprint: string;
}

/** The answer that was given to a request at first. */
export interface StoredAnswer {
  /** The fingerprint of the request that it was given to. */
  readonly fingerprint: string;
  /** The response message, encoded. */
  readonly answer: Uint8Array;
}

/** Finds the first answers to requests. Those that it finds no more are past their window: their ids are free again. */
export interface Answers {
  find(key: RequestKey): Promise<StoredAnswer | undefined>;
}

const idempotentRequestKey = createCallKey<IdempotentRequest | undefined>("idempotentRequest", undefined);

/**
 * What the handler of a call writes down with the effect, in one transaction: the key, the fingerprint and its answer, so
 * that neither is ever there without the others. Undefined for requests without an id, which take effect each time.
 */
export function idempotentRequestOf({ values }: Pick<Call, "values">): IdempotentRequest | undefined {
  return values.get(idempotentRequestKey);
}

/** Tells the handler what to write down. */
export function setIdempotentRequest({ values }: Pick<Call, "values">, request: IdempotentRequest): void {
  values.set(idempotentRequestKey, request);
}
