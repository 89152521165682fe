import { describe, expect, test } from "@jest/globals";
import { CreateUserRequest, DeleteUserRequest } from "@rollcall/contracts/user/v1/user_service";
import { fingerprintOf } from "@rollcall/interceptors/server/idempotency";
import { createPasswords } from "../passwords.js";
import { createRequestFingerprint } from "./request-fingerprint.js";

const createUser = { path: "/user.v1.UserService/CreateUser" };
const fingerprint = createRequestFingerprint(createPasswords());
const request = CreateUserRequest.fromPartial({ name: "Ada", email: "ada@example.com", requestId: "r-1" });

describe("the fingerprint of a request", () => {
  test("counts the password in, in any form of its characters", async () => {
    const withPassword = await fingerprint({ ...request, password: "correct hörse" }, createUser);
    const decomposed = { ...request, password: "correct hörse".normalize("NFD") };
    expect(await fingerprint(decomposed, createUser)).toBe(withPassword);
    expect(await fingerprint({ ...request, password: "battery staple" }, createUser)).not.toBe(withPassword);
    expect(await fingerprint(request, createUser)).not.toBe(withPassword);
  });

  test("is no plain digest of the password", async () => {
    const withPassword = { ...request, password: "correct horse" };
    expect(await fingerprint(withPassword, createUser)).not.toBe(fingerprintOf(withPassword));
    expect(await fingerprint(withPassword, createUser)).not.toBe(
      fingerprintOf([{ ...request, password: "" }, fingerprintOf("correct horse")]),
    );
  });

  test("hashes no password where there is none", async () => {
    const neverHash = { ...createPasswords(), fingerprint: () => Promise.reject(new Error("hashed")) };
    await expect(createRequestFingerprint(neverHash)(request, createUser)).resolves.toHaveLength(43);
  });

  test("is a digest of the whole message where there is nothing to hide", async () => {
    const deletion = DeleteUserRequest.fromPartial({ id: "1", requestId: "r-1" });
    expect(await fingerprint(deletion, { path: "/user.v1.UserService/DeleteUser" })).toBe(fingerprintOf(deletion));
  });
});
