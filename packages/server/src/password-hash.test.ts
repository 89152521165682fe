import { randomBytes, scryptSync } from "node:crypto";
import { hash as bcrypt } from "@node-rs/bcrypt";
import { hash as argon2 } from "@node-rs/argon2";
import { describe, expect, test } from "@jest/globals";
import { isOutdated, matcherOf } from "./password-hash.js";

const own = { memoryCost: 64, timeCost: 1, parallelism: 1 };
const password = "correct horse battery staple";

const scryptHash = (of: string, { ln = 4, r = 8, p = 1, bytes = 32 } = {}) => {
  const salt = randomBytes(16);
  const output = scryptSync(of, salt, bytes, { N: 2 ** ln, r, p });
  const text = (part: Buffer) => part.toString("base64").replace(/=+$/, "");
  return `$scrypt$ln=${String(ln)},r=${String(r)},p=${String(p)}$${text(salt)}$${text(output)}`;
};

// As other programs write them.
const argon2id = "$argon2id$v=19$m=128,t=2,p=2$7wdhTxhfZEMzuAIjaIkJGA$uLp+vuaRJDzvI+XCJg7b4QcEf2FHYKrmx9JNXXEpOFI";
const argon2i = "$argon2i$v=19$m=128,t=2,p=2$AjSdJz9sVBFsSIAtuHCWIQ$K5bOqNm+lwmPqILmDrUIxbOk7w9ocMHjKx/bdmnm/qo";
const argon2d = "$argon2d$v=19$m=128,t=2,p=2$ZiyIlrqDLEs3AldW0Zw8MQ$gn1JfnyUyG1+UNck6jF/vQwFn/2i57j5J3m6uijK2l0";
const oldArgon2id = "$argon2id$v=16$m=64,t=1,p=1$dT1GykJf/eb31SiOMEL8YQ$5j3J5Ux+fjQylDEme/bux5tpVBftlrRz2L0YgpXHOi0";
const bcrypt2b = "$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG";

describe("a hash of elsewhere", () => {
  test.each([
    ["argon2id of other parameters", argon2id],
    ["argon2i", argon2i],
    ["argon2d", argon2d],
    ["argon2 in its first version", oldArgon2id],
    ["bcrypt 2b", bcrypt2b],
    ["bcrypt 2a", bcrypt2b.replace("$2b$", "$2a$")],
    ["bcrypt 2y", bcrypt2b.replace("$2b$", "$2y$")],
    ["scrypt", scryptHash(password)],
    ["scrypt of other parameters", scryptHash(password, { ln: 6, r: 2, p: 3, bytes: 64 })],
    ["scrypt with padding", `${scryptHash(password)}=`],
  ])("by %s fits its password and no other, and is outdated", async (_kind, hashed) => {
    const matches = matcherOf(hashed, own);
    await expect(matches?.(password)).resolves.toBe(true);
    for (const other of ["", `${password} `, password.slice(0, -1), password.toUpperCase()]) {
      await expect(matches?.(other)).resolves.toBe(false);
    }
    expect(isOutdated(hashed, own)).toBe(true);
  });

  test("by bcrypt fits what has the same 72 bytes, and a NUL does not end it", async () => {
    const long = matcherOf(await bcrypt("é".repeat(40), { cost: 4 }), own);
    await expect(long?.("é".repeat(36))).resolves.toBe(true);
    await expect(long?.("é".repeat(35))).resolves.toBe(false);
    const withNul = matcherOf(await bcrypt("before\0after", { cost: 4 }), own);
    await expect(withNul?.("before\0after")).resolves.toBe(true);
    await expect(withNul?.("before\0other")).resolves.toBe(false);
    await expect(withNul?.("before")).resolves.toBe(false);
  });
});

const salt = "c29tZXNhbHRzb21lc2FsdA";
const output = "A".repeat(43);

describe("nothing is compared with", () => {
  test.each([
    ["nothing", ""],
    ["a password in the clear", password],
    ["a hash of another kind", "$5$rounds=5000$saltstring$hash"],
    ["argon2 with more memory than is reasonable", `$argon2id$v=19$m=4194304,t=1,p=1$${salt}$${output}`],
    ["argon2 with more passes than are reasonable", `$argon2id$v=19$m=65536,t=4294967295,p=1$${salt}$${output}`],
    ["argon2 with more lanes than are reasonable", `$argon2id$v=19$m=65536,t=1,p=255$${salt}$${output}`],
    ["argon2 without memory", `$argon2id$v=19$m=0,t=1,p=1$${salt}$${output}`],
    ["argon2 that says little", `$argon2id$v=19$m=64,t=1,p=1$${salt}$AAAAAA`],
    ["argon2 that is cut off", `$argon2id$v=19$m=64,t=1,p=1$${salt}$`],
    ["argon2 with more behind it", `$argon2id$v=19$m=64,t=1,p=1$${salt}$${output}$more`],
    ["argon2 of an unknown version", `$argon2id$v=20$m=64,t=1,p=1$${salt}$${output}`],
    ["bcrypt of more rounds than are reasonable", bcrypt2b.replace("$04$", "$31$")],
    ["bcrypt of too few rounds", bcrypt2b.replace("$04$", "$03$")],
    ["bcrypt of the defective kind", bcrypt2b.replace("$2b$", "$2x$")],
    ["bcrypt that is cut off", bcrypt2b.slice(0, -1)],
    ["scrypt with more memory than is reasonable", `$scrypt$ln=24,r=8,p=1$${salt}$${output}`],
    ["scrypt of an endless size", `$scrypt$ln=99999,r=8,p=1$${salt}$${output}`],
    ["scrypt with more lanes than are reasonable", `$scrypt$ln=14,r=8,p=4294967295$${salt}$${output}`],
    ["scrypt of impossible numbers", `$scrypt$ln=16,r=1,p=1$${salt}$${output}`],
    ["scrypt of no rounds", `$scrypt$ln=0,r=8,p=1$${salt}$${output}`],
    ["scrypt whose output is empty, which any password has", `$scrypt$ln=4,r=8,p=1$${salt}$A`],
    ["scrypt that says little", scryptHash(password, { bytes: 8 })],
    ["scrypt that says too much", scryptHash(password, { bytes: 129 })],
  ])("%s", (_case, hashed) => {
    expect(matcherOf(hashed, own)).toBeUndefined();
  });
});

describe("a hash of the server's own", () => {
  test("is not outdated", async () => {
    expect(isOutdated(await argon2(password, own), own)).toBe(false);
  });

  test.each([{ memoryCost: 65 }, { timeCost: 2 }, { parallelism: 2 }])(
    "is outdated once new ones cost %j",
    async (other) => {
      expect(isOutdated(await argon2(password, own), { ...own, ...other })).toBe(true);
    },
  );

  test("is compared with however much the server was told to spend on it", () => {
    const cost = { memoryCost: 1_048_576, timeCost: 32, parallelism: 1 };
    const hashed = `$argon2id$v=19$m=1048576,t=32,p=1$${salt}$${output}`;
    expect(matcherOf(hashed, own)).toBeUndefined();
    expect(matcherOf(hashed, cost)).toBeDefined();
  });
});
