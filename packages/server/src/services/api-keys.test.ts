import { describe, expect, test } from "@jest/globals";
import { Status } from "@rollcall/rpc";
import { eventually } from "../storage/eventually.fixture.js";
import { databaseNames } from "../storage/test-store.fixture.js";
import { createApiKey } from "./create-api-key.fixture.js";
import { givenAuthService } from "./given-auth-service.fixture.js";
import { credentialsRejected, signInAs } from "./people.fixture.js";
import { as } from "./start-auth-service.fixture.js";
import { invalid } from "./status.fixture.js";

const hourMs = 3_600_000;

describe.each(databaseNames)("API keys on %s", (name) => {
  const given = givenAuthService(name);
  const read = (apiKey: string) => given.users.batchGetUsers({ ids: [] }, as({ apiKey }));
  const inMs = (ms: number) => new Date(given.now() + ms);

  test("let services do what their roles allow", async () => {
    const { key, apiKey, admin } = await createApiKey(given, { roles: ["reader"] });
    expect(apiKey).toMatch(/^rck_[\w-]{43}$/);
    expect(key).toMatchObject({ name: "backup", roles: ["reader"], createdBy: admin.id });
    await expect(read(apiKey)).resolves.toBeDefined();
    await expect(given.auth.listApiKeys({}, as({ apiKey }))).rejects.toMatchObject({ code: Status.PERMISSION_DENIED });
    await expect(read(apiKey.toUpperCase())).rejects.toMatchObject(credentialsRejected);
  });

  test("are shown once, and stored as a digest", async () => {
    const { key, apiKey, admin } = await createApiKey(given);
    const { apiKeys } = await given.auth.listApiKeys({ pageSize: 1 }, as(admin));
    expect(apiKeys).toEqual([key]);
    expect(JSON.stringify(apiKeys)).not.toContain(apiKey);
    await expect(given.store.apiKeys.findByDigest(apiKey)).resolves.toBeUndefined();
  });

  test("run out", async () => {
    const { apiKey } = await createApiKey(given, { roles: ["reader"], expiresAt: inMs(hourMs) });
    given.advance(hourMs - 1);
    await expect(read(apiKey)).resolves.toBeDefined();
    given.advance(1);
    await expect(read(apiKey)).rejects.toMatchObject(credentialsRejected);
  });

  test.each([
    ["the past", -1],
    ["this moment", 0],
  ])("cannot be made for %s", async (_case, ms) => {
    await expect(createApiKey(given, { expiresAt: inMs(ms) })).rejects.toMatchObject(invalid("expires_at"));
  });

  test("are useless a moment after they are revoked, and stay in the list", async () => {
    const { key, apiKey, admin } = await createApiKey(given, { roles: ["reader"] });
    await read(apiKey);
    const id = key?.id ?? "";
    const { apiKey: revoked } = await given.auth.revokeApiKey({ id }, as(admin));
    expect(revoked).toEqual({ ...key, revokedAt: expect.any(Date) });
    await eventually(() => expect(read(apiKey)).rejects.toMatchObject(credentialsRejected));
    given.advance(1_000);
    await expect(given.auth.revokeApiKey({ id }, as(admin))).resolves.toEqual({ apiKey: revoked });
    await expect(given.auth.listApiKeys({ pageSize: 1 }, as(admin))).resolves.toMatchObject({ apiKeys: [revoked] });
  });

  test("that nobody knows cannot be revoked", async () => {
    const admin = await signInAs(given, "admin");
    await expect(given.auth.revokeApiKey({ id: "none" }, as(admin))).rejects.toMatchObject({
      code: Status.NOT_FOUND,
      reason: "API_KEY_NOT_FOUND",
      errorDetails: { resourceInfo: { resourceType: "user.v1.ApiKey", resourceName: "none" } },
    });
  });

  test("are listed page by page, the newest first, and the last page says that it is", async () => {
    const { admin } = await createApiKey(given);
    for (let index = 0; index < 4; index += 1) {
      await given.auth.createApiKey({ name: String(index) }, as(admin));
    }
    const all = await given.auth.listApiKeys({}, as(admin));
    expect(all.nextPageToken).toBe("");
    expect(all.apiKeys.slice(0, 4).map((key) => key.name)).toEqual(["3", "2", "1", "0"]);
    const seen: string[] = [];
    let pageToken = "";
    do {
      const page = await given.auth.listApiKeys({ pageSize: 3, pageToken }, as(admin));
      expect(page.apiKeys.length).toBeGreaterThan(0);
      seen.push(...page.apiKeys.map(({ id }) => id));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    expect(seen).toEqual(all.apiKeys.map(({ id }) => id));
  });

  test("are made and revoked in the audit log", async () => {
    const { key, admin } = await createApiKey(given, { roles: ["reader", "editor"] });
    await given.auth.revokeApiKey({ id: key?.id ?? "" }, as(admin));
    await expect(given.store.audit.page({ subject: key?.id, limit: 9 })).resolves.toMatchObject([
      { method: "/user.v1.AuthService/RevokeApiKey", actor: admin.id, status: "OK" },
      { method: "/user.v1.AuthService/CreateApiKey", actor: admin.id, status: "OK", detail: "reader,editor" },
    ]);
  });

  test.each(["reader", "editor"])("are nothing that %ss make, list or revoke", async (role) => {
    const caller = as(await signInAs(given, role));
    const denied = { code: Status.PERMISSION_DENIED };
    await expect(given.auth.createApiKey({ name: "mine" }, caller)).rejects.toMatchObject(denied);
    await expect(given.auth.listApiKeys({}, caller)).rejects.toMatchObject(denied);
    await expect(given.auth.revokeApiKey({ id: "1" }, caller)).rejects.toMatchObject(denied);
  });

  test("was not surprised by any of this", () => {
    expect(given.unexpected).toEqual([]);
  });
});
