import { type CreateUserRequest, UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { fingerprintOf } from "@rollcall/interceptors/server/idempotency";
import { byPath, type Method } from "@rollcall/rpc";
import type { Passwords } from "../passwords.js";

/** Tells requests under one id apart. */
export type RequestFingerprint = (request: unknown, method: Pick<Method, "path">) => string | Promise<string>;

/**
 * Makes the fingerprints of all requests. A password counts too, but a plain digest of it would be easier to guess from
 * than its hash.
 */
export function createRequestFingerprint(passwords: Passwords): RequestFingerprint {
  const withPassword = byPath(UserServiceDefinition, {
    createUser: (request: CreateUserRequest) => fingerprintOfCreate(request, passwords),
  });
  // What a method's fingerprint is asked about is a request of this method.
  return (request, { path }) => withPassword.get(path)?.(request as CreateUserRequest) ?? fingerprintOf(request);
}

async function fingerprintOfCreate(request: CreateUserRequest, passwords: Passwords): Promise<string> {
  const { password, requestId } = request;
  const digest = password === "" ? "" : await passwords.fingerprint(password, requestId);
  return fingerprintOf([{ ...request, password: "" }, digest]);
}
