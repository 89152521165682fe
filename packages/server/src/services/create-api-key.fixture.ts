import type { CreateApiKeyRequest } from "@rollcall/contracts/user/v1/auth_service";
import type { MessageInit } from "@rollcall/rpc";
import type { GivenAuthService } from "./given-auth-service.fixture.js";
import { signInAs } from "./people.fixture.js";
import { as } from "./start-auth-service.fixture.js";

/** A key that an administrator has made, and what calls carry of it. */
export async function createApiKey(given: GivenAuthService, request: MessageInit<CreateApiKeyRequest> = {}) {
  const admin = await signInAs(given, "admin");
  const { apiKey: key, secret } = await given.auth.createApiKey({ name: "backup", ...request }, as(admin));
  return { key, apiKey: secret, admin };
}
