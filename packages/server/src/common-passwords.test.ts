import { describe, expect, test } from "@jest/globals";
import { commonPasswordList } from "./common-password-list.js";
import { isCommonPassword } from "./common-passwords.js";

describe("isCommonPassword", () => {
  test.each(["password", "12345678", "iloveyou", "PassWord1", "ｐａｓｓｗｏｒｄ"])("knows %s", (password) => {
    expect(isCommonPassword(password)).toBe(true);
  });

  test.each(["correct horse battery staple", "password ", "passwörd", ""])("does not know %j", (password) => {
    expect(isCommonPassword(password)).toBe(false);
  });
});

describe("commonPasswordList", () => {
  test("holds 3,000 different passwords", () => {
    expect(new Set(commonPasswordList).size).toBe(3_000);
  });

  test("holds only what a password may be, the way it is looked up", () => {
    const odd = commonPasswordList.filter(
      (password) => password.length < 8 || password !== password.normalize("NFKC").toLowerCase(),
    );
    expect(odd).toEqual([]);
  });
});
