import { describe, expect, test } from "@jest/globals";
import { UserStatus } from "@rollcall/contracts/user/v1/user";
import { createPasswords } from "../passwords.js";
import { StartError } from "../start-error.js";
import { openStore } from "../storage/open-store.js";
import type { Store } from "../storage/store.js";
import { createTestHome, databaseNames, type DatabaseName } from "../storage/test-store.fixture.js";
import { createTemporaryFolder } from "../temporary-folder.fixture.js";
import { ensureFirstAdmin, type FirstAdminOptions } from "./first-admin.js";

const passwords = createPasswords({ cost: { memoryCost: 64, timeCost: 1, parallelism: 1 } });
const email = "admin@rollcall.local";

type Settings = Partial<FirstAdminOptions["config"]>;

/** A store without users, and what is announced by servers that start on it. */
async function givenEmptyStore(name: DatabaseName) {
  const home = await createTestHome(name);
  const store = await openStore(home.options);
  const announced: string[] = [];
  const announce = (text: string) => announced.push(text);
  const start = (settings: Settings = {}, on: Store = store) =>
    ensureFirstAdmin({
      store: on,
      passwords,
      config: { auth: "required", adminEmail: email, adminPasswordFile: undefined, ...settings },
      announce,
    });
  return {
    home,
    store,
    announced,
    start,
    allUsers: () => store.users.page({ limit: 100 }),
    async [Symbol.asyncDispose]() {
      await store.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

const passwordIn = (text = "") => /^ {2}password {3}(\S+)$/m.exec(text)?.[1] ?? "";

describe.each(databaseNames)("the first administrator on %s", (name) => {
  test("is made with a password that is told once, to nobody but who starts the server", async () => {
    await using given = await givenEmptyStore(name);
    await given.start();
    await given.start();
    expect(given.announced).toEqual([expect.stringContaining(`e-mail     ${email}\n`)]);
    const password = passwordIn(given.announced[0]);
    expect(password).toMatch(/^[\w-]{24}$/);
    const admin = await given.store.users.findCredentials(email);
    expect(admin?.user).toMatchObject({
      name: "Administrator",
      roles: ["admin"],
      status: UserStatus.USER_STATUS_ACTIVE,
    });
    await expect(passwords.verify(admin?.passwordHash, password)).resolves.toBe(true);
  });

  test("has another password on every store", async () => {
    await using one = await givenEmptyStore(name);
    await using other = await givenEmptyStore(name);
    await Promise.all([one.start(), other.start()]);
    expect(passwordIn(one.announced[0])).not.toBe(passwordIn(other.announced[0]));
  });

  test("is one, and told of once, when servers start at once", async () => {
    await using given = await givenEmptyStore(name);
    const other = name === "PostgreSQL" ? await openStore(given.home.options) : given.store; // SQLite has one server
    await Promise.all([given.start(), given.start({}, other), given.start({}, other), given.start()]);
    await expect(given.allUsers()).resolves.toHaveLength(1);
    expect(given.announced).toHaveLength(1);
    const admin = await given.store.users.findCredentials(email);
    await expect(passwords.verify(admin?.passwordHash, passwordIn(given.announced[0]))).resolves.toBe(true);
    if (other !== given.store) {
      await other.close();
    }
  });
});

describe("the first administrator", () => {
  test("is one also where servers that start at once disagree about the e-mail", async () => {
    await using given = await givenEmptyStore("PostgreSQL");
    await using folder = await createTemporaryFolder();
    const adminPasswordFile = await folder.write("password", "correct horse battery");
    const emails = ["a@example.com", "b@example.com", "c@example.com"];
    await Promise.all(emails.map((adminEmail) => given.start({ adminEmail, adminPasswordFile })));
    await expect(given.allUsers()).resolves.toHaveLength(1);
  });

  test.each([
    ["as it is", "correct horse battery", "correct horse battery"],
    ["without the end of its line", "correct horse battery\n", "correct horse battery"],
    ["without the end of its line on Windows", "correct horse battery\r\n", "correct horse battery"],
    ["with its spaces", " correct horse \n\n", " correct horse \n"],
    ["in any characters", "😀".repeat(128), "😀".repeat(128)],
  ])("has the password of a file %s, which is told to nobody", async (_case, content, password) => {
    await using given = await givenEmptyStore("SQLite");
    await using folder = await createTemporaryFolder();
    const adminPasswordFile = await folder.write("password", content);
    await given.start({ adminPasswordFile, adminEmail: "Root+1@example.com" });
    expect(given.announced).toEqual([]);
    const admin = await given.store.users.findCredentials("root+1@example.com");
    await expect(passwords.verify(admin?.passwordHash, password)).resolves.toBe(true);
  });

  test.each([
    ["is empty", ""],
    ["is an empty line", "\n"],
    ["has 7 characters", "k4#pQz!\n"],
    ["has 129 characters", "x".repeat(129)],
    ["has 10,000 characters", "x".repeat(10_000)],
    ["is one of the most used", "PassWord1\n"],
    ["has NUL", "correct\0horse"],
    ["is no UTF-8", Buffer.from([0xff, 0xfe, ...Buffer.from("correct horse")])],
  ])("is not made with a password that %s, and the password is not quoted", async (_case, content) => {
    await using given = await givenEmptyStore("SQLite");
    await using folder = await createTemporaryFolder();
    const adminPasswordFile = await folder.write("password", content as string); // which writes bytes just as well
    await expect(given.start({ adminPasswordFile })).rejects.toThrow(
      new StartError(
        "the password in ROLLCALL_ADMIN_PASSWORD_FILE cannot be used: it takes 8 to 128 characters, and not one of the most used passwords",
      ),
    );
    await expect(given.allUsers()).resolves.toEqual([]);
  });

  test("is not made without the file", async () => {
    await using given = await givenEmptyStore("SQLite");
    await using folder = await createTemporaryFolder();
    await expect(given.start({ adminPasswordFile: `${folder.path}/missing` })).rejects.toThrow(
      /^cannot read ROLLCALL_ADMIN_PASSWORD_FILE: ENOENT/,
    );
    await expect(given.start({ adminPasswordFile: folder.path })).rejects.toThrow(
      /^cannot read ROLLCALL_ADMIN_PASSWORD_FILE: EISDIR/,
    );
    await expect(given.allUsers()).resolves.toEqual([]);
  });

  test.each(["admin", "admin@", "admin@example.com.", " admin@example.com", `${"x".repeat(250)}@example.com`])(
    "is not made with the e-mail %j",
    async (adminEmail) => {
      await using given = await givenEmptyStore("SQLite");
      await expect(given.start({ adminEmail })).rejects.toThrow(
        new StartError("ROLLCALL_ADMIN_EMAIL is not an e-mail address"),
      );
    },
  );

  test("is not made where there is a user already, nor where nobody signs in, whatever the settings", async () => {
    await using given = await givenEmptyStore("SQLite");
    await given.start({ auth: "off", adminEmail: "none" });
    await expect(given.allUsers()).resolves.toEqual([]);
    await given.store.write((unit) => unit.users.insert({ name: "Ada", email: "ada@example.com", status: 1 }));
    await given.start({ adminEmail: "none", adminPasswordFile: "/nowhere" });
    await expect(given.allUsers()).resolves.toHaveLength(1);
    expect(given.announced).toEqual([]);
  });
});
