import { describe, expect, test } from "@jest/globals";
import type {
  ChangePasswordRequest,
  CreateApiKeyRequest,
  ListAuditEventsRequest,
  LoginRequest,
  RefreshTokenRequest,
  RegisterRequest,
  RevokeApiKeyRequest,
} from "@rollcall/contracts/user/v1/auth_service";
import type { MessageInit } from "@rollcall/rpc";
import { commonPasswordList } from "../common-password-list.js";
import { authRequestRules } from "./auth-request-rules.js";
import {
  type Case,
  emails,
  emoji,
  huge,
  letters,
  names,
  passwords,
  phones,
  roles,
  wrongIds,
  wrongTexts,
} from "./field-cases.fixture.js";
import { givenAuthService } from "./given-auth-service.fixture.js";
import {
  credentialsRejected,
  goodPassword,
  invalidCredentials,
  makePerson,
  registration,
  signInAs,
} from "./people.fixture.js";
import { as } from "./start-auth-service.fixture.js";
import { errorOf, invalid, trailerBytesOf } from "./status.fixture.js";

/** Decomposed, so that it has 128 characters before and fewer after. */
const combining = "e\u0301".repeat(64);

describe("the fields of requests to AuthService", () => {
  const given = givenAuthService("SQLite");

  /** Expects a call to be refused for the fields named, or to end as it does with valid fields. */
  async function expectFields(call: Promise<unknown>, fields: readonly string[], otherwise?: object) {
    if (fields.length === 0 && otherwise === undefined) {
      await expect(call).resolves.toBeDefined();
      return;
    }
    const error = await errorOf(call);
    expect(error).toMatchObject(fields.length === 0 ? (otherwise ?? {}) : invalid(...fields));
    expect(trailerBytesOf(error)).toBeLessThan(8 * 1024);
  }

  const newPasswords: readonly (readonly [string, { password: string }, ...string[]])[] = [
    ["a password of 128 characters that combine", { password: combining }],
    ["no password", { password: "" }, "password"],
    ["a most used password in capitals", { password: "PASSWORD1" }, "password"],
    ["a most used password in wide letters", { password: "ｐａｓｓｗｏｒｄ１" }, "password"],
    ...passwords.slice(1).map(([name, { password = "" }, ...fields]) => [name, { password }, ...fields] as const),
  ];

  test.each<Case<RegisterRequest>>([
    ...names,
    ...emails,
    ...newPasswords,
    ...phones,
    ["an empty phone", { phone: "" }, "phone"],
    ["nothing", { name: "", email: "", password: "" }, "name", "email", "password"],
  ])("Register: %s", async (_case, request, ...fields) => {
    await expectFields(given.auth.register(registration(request)), fields);
  });

  test.each<Case<LoginRequest>>([
    ["an e-mail of 254 characters", { email: letters(254) }],
    ["what is no e-mail", { email: "ada lovelace" }],
    ["a password of one character", { password: "x" }],
    ["one of the most used passwords", { password: "password1" }],
    ["a password of 128 characters that combine", { password: combining }],
    ["no e-mail", { email: "" }, "email"],
    ["an e-mail of 255 characters", { email: letters(255) }, "email"],
    ["an e-mail of 10,000 characters", { email: huge }, "email"],
    ...wrongTexts.map(([wrong, email]) => [`an e-mail with ${wrong}`, { email }, "email"] as const),
    ["no password", { password: "" }, "password"],
    ["a password of 129 characters", { password: letters(129) }, "password"],
    ["a password of 129 emoji", { password: emoji(129) }, "password"],
    ["a password of 10,000 characters", { password: huge }, "password"],
    ...wrongTexts.map(([wrong, password]) => [`a password with ${wrong}`, { password }, "password"] as const),
  ])("Login: %s", async (_case, request, ...fields) => {
    const credentials = { email: "nobody@example.com", password: goodPassword, ...request };
    await expectFields(given.auth.login(credentials, as({ from: nextAddress() })), fields, invalidCredentials);
  });

  test.each<Case<RefreshTokenRequest>>([
    ["a token of 256 characters", { refreshToken: letters(256) }],
    ["no token", { refreshToken: "" }, "refresh_token"],
    ["a token of 257 characters", { refreshToken: letters(257) }, "refresh_token"],
    ["a token of 10,000 characters", { refreshToken: huge }, "refresh_token"],
    ...["a b", "ä", "a\0", "a\uFFFD", "a\n"].map(
      (refreshToken) => [`the token ${JSON.stringify(refreshToken)}`, { refreshToken }, "refresh_token"] as const,
    ),
  ])("RefreshToken: %s", async (_case, request, ...fields) => {
    await expectFields(given.auth.refreshToken(request), fields, credentialsRejected);
  });

  test.each<Case<ChangePasswordRequest>>([
    ...newPasswords.map(
      ([name, { password: newPassword }, ...fields]) =>
        [`${name} to come`, { newPassword }, ...fields.map((field) => `new_${field}`)] as const,
    ),
    ["no current password", { currentPassword: "" }, "current_password"],
    ["a current password of 129 characters", { currentPassword: letters(129) }, "current_password"],
    ["a current password of 10,000 characters", { currentPassword: huge }, "current_password"],
    ["a current password with NUL", { currentPassword: "a\0b" }, "current_password"],
  ])("ChangePassword: %s", async (_case, request, ...fields) => {
    const caller = as(await signInAs(given));
    const passwords = { currentPassword: goodPassword, newPassword: "another good password", ...request };
    await expectFields(given.auth.changePassword(passwords, caller), fields);
  });

  test.each<Case<CreateApiKeyRequest>>([
    ...names.filter(([name]) => !name.includes("space")),
    ...roles,
    ["no end", { expiresAt: undefined }],
    ["the last end there can be", { expiresAt: new Date("9999-12-31T23:59:59.999Z") }],
    ["an end in the past", { expiresAt: new Date(0) }, "expires_at"],
    ["an end before the year 1", { expiresAt: new Date("-000001-01-01T00:00:00Z") }, "expires_at"],
    ["an end after the year 9999", { expiresAt: new Date("+010000-01-01T00:00:00Z") }, "expires_at"],
  ])("CreateApiKey: %s", async (_case, request, ...fields) => {
    const caller = as(await signInAs(given, "admin"));
    await expectFields(given.auth.createApiKey({ name: "backup", ...request }, caller), fields);
  });

  test.each<Case<RevokeApiKeyRequest>>(wrongIds)("RevokeApiKey: %s", async (_case, request, ...fields) => {
    const caller = as(await signInAs(given, "admin"));
    await expectFields(given.auth.revokeApiKey(request, caller), fields);
  });

  test.each<Case<ListAuditEventsRequest>>([
    [
      "all that can be asked for",
      { pageSize: 2_147_483_647, actor: emoji(256), subject: emoji(256), method: emoji(256) },
    ],
    ["a negative size", { pageSize: -1 }, "page_size"],
    ["a token of 257 characters", { pageToken: letters(257) }, "page_token"],
    ["a token of other characters", { pageToken: "a+b=" }, "page_token"],
    ["a token that nobody made", { pageToken: letters(256) }, "page_token"],
    ["an actor of 257 characters", { actor: letters(257) }, "actor"],
    ["a subject with NUL", { subject: "\0" }, "subject"],
    ["a method of 10,000 characters", { method: huge }, "method"],
  ])("ListAuditEvents: %s", async (_case, request, ...fields) => {
    const caller = as(await signInAs(given, "admin"));
    const call = given.auth.listAuditEvents(request, caller);
    const badToken = {
      reason: "PAGE_TOKEN_INVALID",
      errorDetails: { badRequest: { fieldViolations: [{ field: "page_token" }] } },
    };
    await (request.pageToken?.length === 256 ? expectFields(call, [], badToken) : expectFields(call, fields));
  });

  test.each<readonly [string, MessageInit<LoginRequest>]>([
    ["a password", { password: letters(1_000_000) }],
    ["an e-mail", { email: letters(1_000_000) }],
  ])("Login: %s of a megabyte is refused by its size", async (_case, request) => {
    const credentials = { email: "nobody@example.com", password: goodPassword, ...request };
    await expect(given.auth.login(credentials)).rejects.toMatchObject({ reason: "REQUEST_TOO_LARGE" });
  });

  test("signing in takes a name and a password in the characters that they came in, and others for the same", async () => {
    const password = "Grüße an Zoë";
    const passwordHash = await given.passwords.hash(password);
    const { email } = await makePerson(given, { passwordHash });
    await expect(given.auth.login({ email, password: password.normalize("NFD") })).resolves.toBeDefined();
  });

  test("was not surprised by any of this", () => {
    expect(given.unexpected).toEqual([]);
  });
});

describe("authRequestRules", () => {
  test("know each of the most used passwords, for whoever registers and whoever changes it", () => {
    const empty = { name: "", email: "", phone: undefined };
    for (const password of commonPasswordList) {
      expect(authRequestRules.register.alsoWrong({ ...empty, password })).toMatchObject([{ field: "password" }]);
      expect(authRequestRules.changePassword.alsoWrong({ currentPassword: "", newPassword: password })).toMatchObject([
        { field: "new_password" },
      ]);
    }
  });

  test("leave the current password as it is, whatever it is", () => {
    const request = { currentPassword: "password1", newPassword: goodPassword };
    expect(authRequestRules.changePassword.alsoWrong(request)).toEqual([]);
  });
});

let addresses = 0;

/** One that has not failed to sign in before. */
function nextAddress(): string {
  addresses += 1;
  return `192.0.2.${String(addresses)}`;
}
