import type { CallOptions } from "@rollcall/rpc";
import { createSecret } from "../identity/secret.js";
import type { Store } from "../storage/store.js";
import { bearer, createTestIssuer, type TestIssuer } from "./test-issuer.fixture.js";

/** What a caller's credentials are worth. */
export type Worth =
  | { readonly kind: "none" }
  | { readonly kind: "rejected" }
  | { readonly kind: "good"; readonly subject: string; readonly roles: readonly string[] };

/** Somebody who makes a call. */
export interface MatrixCaller {
  readonly options: CallOptions;
  readonly worth: Worth;
  /** The user whom the call is about. */
  readonly target: string;
}

/** The callers of the matrix. */
export const callerNames = [
  "anonymous",
  "a user on themself",
  "a user on another",
  "a reader",
  "a writer, which is no role of the contract",
  "an admin",
  "a banned user on themself",
  "an inactive user on themself",
  "a banned admin",
  "a deleted admin",
  "an expired admin",
  "an admin who has signed out",
  "an admin of another issuer",
  "an admin by a forged token",
  "an API key of a reader",
  "an API key of an admin",
  "an API key without roles",
  "a revoked API key of an admin",
  "an expired API key of an admin",
  "an unknown API key",
] as const;

export type CallerName = (typeof callerNames)[number];

const rejected: Worth = { kind: "rejected" };

/** Makes all of them, and revokes what is to be revoked. */
export async function createCallers(store: Store, issuer: TestIssuer): Promise<Record<CallerName, MatrixCaller>> {
  const forger = await createTestIssuer();
  const admin = ["admin"];
  const good = (subject: string, roles: readonly string[] = []): Worth => ({ kind: "good", subject, roles });
  const makeUser = async (roles: readonly string[] = []) => {
    const email = `${createSecret("").digest.slice(0, 16)}@example.com`;
    return (await store.write((unit) => unit.users.insert({ name: "Ann", email, status: 1, roles }))).id;
  };
  const [self, other, banned, inactive, bannedAdmin, deletedAdmin] = await Promise.all([
    makeUser(),
    makeUser(),
    makeUser(),
    makeUser(),
    makeUser(admin),
    makeUser(admin),
  ]);

  const withToken = async (sub: string, worth: Worth, claims: object = {}, signer = issuer): Promise<MatrixCaller> => {
    const roles = worth.kind === "good" ? worth.roles : [];
    return { options: bearer(await signer.sign({ sub, roles, ...claims })), worth, target: other };
  };
  const onSelf = ({ ...caller }: MatrixCaller, target: string): MatrixCaller => ({ ...caller, target });
  const withKey = async (roles: readonly string[], expiresAt?: Date, isRevoked = false): Promise<MatrixCaller> => {
    const { text, digest } = createSecret("rck_");
    const draft = { name: "service", roles, expiresAt, createdBy: self, digest };
    const { id } = await store.write((unit) => unit.apiKeys.insert(draft));
    if (isRevoked) {
      await store.write((unit) => unit.apiKeys.revoke(id));
    }
    const worth = isRevoked || expiresAt !== undefined ? rejected : good(id, roles);
    return { options: { metadata: { "x-api-key": text } }, worth, target: other };
  };
  const endedSession = async () => {
    const expiresAt = new Date(Date.now() + 600_000);
    const token = { digest: createSecret("").digest, expiresAt };
    const { id } = await store.write((unit) => unit.sessions.begin({ userId: self, expiresAt }, token));
    await store.write((unit) => unit.sessions.end(id));
    return id;
  };
  const longAgo = Math.floor(Date.now() / 1_000) - 3_600;

  await store.write((unit) => unit.users.update(banned, { status: 3 }));
  await store.write((unit) => unit.users.update(inactive, { status: 2 }));
  await store.write((unit) => unit.users.update(bannedAdmin, { status: 3 }));
  await store.write((unit) => unit.users.delete(deletedAdmin));

  return {
    anonymous: { options: {}, worth: { kind: "none" }, target: other },
    "a user on themself": onSelf(await withToken(self, good(self)), self),
    "a user on another": await withToken(self, good(self)),
    "a reader": await withToken(self, good(self, ["reader"])),
    "a writer, which is no role of the contract": await withToken(self, good(self, ["writer"])),
    "an admin": await withToken(self, good(self, admin)),
    "a banned user on themself": onSelf(await withToken(banned, rejected), banned),
    "an inactive user on themself": onSelf(await withToken(inactive, rejected), inactive),
    "a banned admin": await withToken(bannedAdmin, rejected, { roles: admin }),
    "a deleted admin": await withToken(deletedAdmin, rejected, { roles: admin }),
    "an expired admin": await withToken(self, rejected, { roles: admin, iat: longAgo, exp: longAgo + 600 }),
    "an admin who has signed out": await withToken(self, rejected, { roles: admin, sid: await endedSession() }),
    "an admin of another issuer": await withToken(self, rejected, { roles: admin, iss: "https://id.example" }, forger),
    "an admin by a forged token": await withToken(self, rejected, { roles: admin }, forger),
    "an API key of a reader": await withKey(["reader"]),
    "an API key of an admin": await withKey(admin),
    "an API key without roles": await withKey([]),
    "a revoked API key of an admin": await withKey(admin, undefined, true),
    "an expired API key of an admin": await withKey(admin, new Date(Date.now() - 1)),
    "an unknown API key": { options: { metadata: { "x-api-key": "rck_unknown" } }, worth: rejected, target: other },
  };
}
