import type { ClientInterceptor, Method } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";

/** Which key is sent, and where. */
export interface ApiKeyOptions {
  readonly key: string;
  /** Under which key of the metadata. Defaults to `x-api-key`. */
  readonly metadataKey?: string | undefined;
  /** Which methods need it. Defaults to all. */
  readonly applies?: ((method: Method) => boolean) | undefined;
}

const sendable = /^[\x21-\x7e]+$/;

/**
 * Sends an API key with each call, unless the caller of the method gave one. Use it over channels that are encrypted only:
 * an interceptor cannot see where a call goes.
 *
 * @throws TypeError for a key that metadata cannot carry.
 */
export function apiKey({ key, metadataKey = "x-api-key", applies = () => true }: ApiKeyOptions): ClientInterceptor {
  if (!sendable.test(key)) {
    throw new TypeError(
      "the API key is empty, or holds what metadata cannot carry: it takes printable ASCII without spaces",
    );
  }
  return withConcern("auth", (method) =>
    applies(method)
      ? async function apiKey({ metadata }, next) {
          if (!metadata.has(metadataKey)) {
            metadata.set(metadataKey, key);
          }
          await next();
        }
      : undefined,
  );
}
