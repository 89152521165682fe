import { UserStatus } from "@rollcall/contracts/user/v1/user";
import type { z } from "zod";
import type { Passwords } from "../passwords.js";
import type { NewUser } from "../storage/user.js";
import type { createUserSchema } from "./user-schemas.js";

/** The user that a checked request describes, with its password hashed. A user without a password cannot sign in yet. */
export async function newUser(record: z.output<typeof createUserSchema>, passwords: Passwords): Promise<NewUser> {
  const { name, email, phone, roles, metadata, password } = record;
  const passwordHash = password === "" ? undefined : await passwords.hash(password);
  return { name, email, phone, roles, metadata, passwordHash, status: UserStatus.USER_STATUS_ACTIVE };
}
