import type {
  ApiKey,
  CreateApiKeyRequest,
  CreateApiKeyResponse,
  ListApiKeysRequest,
  ListApiKeysResponse,
  RevokeApiKeyRequest,
  RevokeApiKeyResponse,
} from "@rollcall/contracts/user/v1/auth_service";
import { callerOf } from "@rollcall/interceptors/server/caller";
import type { ServerCall } from "@rollcall/rpc";
import { commit } from "../audit/commit.js";
import { createSecret } from "../identity/secret.js";
import type { StoredApiKey } from "../storage/identity/api-key.js";
import type { Store } from "../storage/store.js";
import { apiKeyNotFound, invalidRequest } from "./errors.js";
import { effectivePageSize } from "./page-size.js";
import { pageOf } from "./page-of.js";
import { readPageToken } from "./page-token.js";

/** Where keys are kept, and who asks. */
export interface ApiKeyCall {
  readonly store: Store;
  readonly call: ServerCall;
}

/** What the secrets of keys begin with. */
const apiKeyPrefix = "rck_";

const query = ["ListApiKeys"];
const lastMs = Date.UTC(10_000, 0, 1) - 1; // the last that a google.protobuf.Timestamp may say

/** Makes a key; its secret is in the answer and nowhere else. */
export async function createApiKey(
  { name, roles, expiresAt }: CreateApiKeyRequest,
  { store, call, now }: ApiKeyCall & { readonly now: () => number },
): Promise<CreateApiKeyResponse> {
  if (expiresAt !== undefined && (expiresAt.getTime() <= now() || expiresAt.getTime() > lastMs)) {
    throw invalidRequest([{ field: "expires_at", description: "must be in the future, and before the year 10000" }]);
  }
  const { text: secret, digest } = createSecret(apiKeyPrefix);
  const createdBy = callerOf(call)?.subject ?? "";
  const key = await commit(
    store,
    call,
    ({ id }: StoredApiKey) => ({ subject: id, detail: roles.join(",") }),
    (unit) => unit.apiKeys.insert({ name, roles, expiresAt, createdBy, digest }),
  );
  return { apiKey: toMessage(key), secret };
}

/** A page of keys, the newest first. */
export async function listApiKeys(
  { pageSize, pageToken }: ListApiKeysRequest,
  store: Pick<Store, "apiKeys">,
): Promise<ListApiKeysResponse> {
  const limit = effectivePageSize(pageSize);
  const found = await store.apiKeys.page({ beforeId: readPageToken(query, pageToken), limit: limit + 1 });
  const { items: keys, nextPageToken } = pageOf(found, limit, query);
  return { apiKeys: keys.map(toMessage), nextPageToken };
}

/** Makes a key useless. */
export async function revokeApiKey(
  { id }: RevokeApiKeyRequest,
  { store, call }: ApiKeyCall,
): Promise<RevokeApiKeyResponse> {
  const key = await commit(store, call, { subject: id }, async (unit) => {
    const revoked = await unit.apiKeys.revoke(id);
    if (revoked === undefined) {
      throw apiKeyNotFound(id);
    }
    return revoked;
  });
  return { apiKey: toMessage(key) };
}

function toMessage({ roles, ...key }: StoredApiKey): ApiKey {
  return { ...key, roles: [...roles] };
}
