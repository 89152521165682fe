import { commonPasswordList } from "./common-password-list.js";

const commonPasswords = new Set(commonPasswordList);

/** Whether the password, in whatever case, is one of the 3,000 most used that are long enough to be accepted otherwise. */
export function isCommonPassword(password: string): boolean {
  return commonPasswords.has(password.normalize("NFKC").toLowerCase());
}
