import { UserStatus } from "@rollcall/contracts/user/v1/user";
import type { CreateUserRequest } from "@rollcall/contracts/user/v1/user_service";
import type { Passwords } from "../passwords.js";
import type { NewUser } from "../storage/user.js";

/** The user that a checked request describes, with its password hashed. A user without a password cannot sign in yet. */
export async function newUser(record: CreateUserRequest, passwords: Passwords): Promise<NewUser> {
  const { name, email, phone, roles, metadata, password } = record;
  const passwordHash = password === "" ? undefined : await passwords.hash(password);
  return { name, email, phone, roles, metadata, passwordHash, status: UserStatus.USER_STATUS_ACTIVE };
}
