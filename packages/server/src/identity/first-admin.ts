import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isNativeError } from "node:util/types";
import { UserStatus } from "@rollcall/contracts/user/v1/user";
import { CreateUserRequest } from "@rollcall/contracts/user/v1/user_service";
import { createUserRequestSchema } from "@rollcall/contracts/user/v1/user_service.schema";
import { isCommonPassword } from "../common-passwords.js";
import { type Config, variableOf } from "../config.js";
import type { Passwords } from "../passwords.js";
import { StartError } from "../start-error.js";
import type { Store } from "../storage/store.js";
import { StoreError } from "../storage/store-error.js";
import type { NewUser } from "../storage/user.js";

/** What the first administrator is made with. */
export interface FirstAdminOptions {
  readonly store: Store;
  readonly passwords: Passwords;
  readonly config: Pick<Config, "auth" | "adminEmail" | "adminPasswordFile">;
  /** Tells whoever starts the server the password, which nobody else is told. */
  readonly announce: (text: string) => void;
}

const passwordBytes = 18;

/**
 * Makes an administrator in a store without users, so that somebody can sign in. A password of its own making is announced,
 * this once; one from a file is not.
 *
 * @throws {@link StartError} for a password file that cannot be read, or a password or an e-mail that breaks the rules.
 */
export async function ensureFirstAdmin({ store, passwords, config, announce }: FirstAdminOptions): Promise<void> {
  if (config.auth === "off" || (await store.users.hasAny())) {
    return;
  }
  const { adminEmail: email, adminPasswordFile: file } = config;
  const password = file === undefined ? randomBytes(passwordBytes).toString("base64url") : await readPassword(file);
  check(email, password);
  const draft: NewUser = {
    name: "Administrator",
    email,
    status: UserStatus.USER_STATUS_ACTIVE,
    roles: ["admin"],
    passwordHash: await passwords.hash(password),
  };
  if ((await insertUnlessThere(store, draft)) && file === undefined) {
    announce(announcementOf(email, password));
  }
}

/** Of several servers that start at once on one store, one makes the administrator. */
async function insertUnlessThere(store: Store, draft: NewUser): Promise<boolean> {
  try {
    return await store.write(async (unit) => {
      await unit.signingKeys.listForUpdate(); // servers that start at the same time wait for each other here
      if (await unit.users.hasAny()) {
        return false;
      }
      await unit.users.insert(draft);
      return true;
    });
  } catch (error) {
    if (error instanceof StoreError && error.kind === "emailTaken") {
      return false;
    }
    throw error;
  }
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).replace(/\r?\n$/, "");
  } catch (cause) {
    const reason = isNativeError(cause) ? cause.message : String(cause);
    throw new StartError(`cannot read ${variableOf("adminPasswordFile")}: ${reason}`, { cause });
  }
}

function check(email: string, password: string): void {
  const request = CreateUserRequest.fromPartial({ name: "Administrator", email, password });
  const result = createUserRequestSchema.safeParse(request);
  const wrong = result.success ? undefined : result.error.issues[0]?.path[0];
  if (wrong === "email") {
    throw new StartError(`${variableOf("adminEmail")} is not an e-mail address`);
  }
  if (password === "" || wrong !== undefined || isCommonPassword(password)) {
    const rule = "8 to 128 characters, and not one of the most used passwords";
    throw new StartError(`the password in ${variableOf("adminPasswordFile")} cannot be used: it takes ${rule}`);
  }
}

function announcementOf(email: string, password: string): string {
  return [
    "",
    "There are no users yet, so an administrator was made:",
    "",
    `  e-mail     ${email}`,
    `  password   ${password}`,
    "",
    "The password is shown this once. Sign in with it, and change it.",
    "",
  ].join("\n");
}
