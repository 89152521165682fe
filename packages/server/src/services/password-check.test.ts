import { EventEmitter, once } from "node:events";
import { describe, expect, jest, test } from "@jest/globals";
import { UserStatus } from "@rollcall/contracts/user/v1/user";
import { createPasswords, type Passwords } from "../passwords.js";
import { databaseNames, givenStore } from "../storage/test-store.fixture.js";
import { StoreError } from "../storage/store-error.js";
import { tooBusy } from "./errors.js";
import { goodPassword, invalidCredentials, makePerson } from "./people.fixture.js";
import { cheapCost, startAuthService } from "./start-auth-service.fixture.js";
import { errorOf } from "./status.fixture.js";

jest.setTimeout(30_000);

const real = createPasswords({ cost: cheapCost });

/** A server whose passwords are compared by `verify`, with a clock that stands still. */
async function start(store: ReturnType<typeof givenStore>["store"], changes: Partial<Passwords>) {
  const nowMs = Date.now();
  const passwords = { ...real, ...changes };
  const service = await startAuthService(store, { passwords, now: () => nowMs });
  const logIn = (email: string, password = goodPassword) => service.auth.login({ email, password });
  const newPerson = (options?: Parameters<typeof makePerson>[1]) =>
    makePerson({ auth: service.auth, store, passwords: real }, options);
  return { logIn, newPerson, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

describe.each(databaseNames)("a right password on %s", (name) => {
  const given = givenStore(name);

  test.each([
    ["the password changes", { passwordHash: "another" }],
    ["the user is banned", { status: UserStatus.USER_STATUS_BANNED }],
    ["the roles change", { roles: ["reader"] }],
  ])("is of no use where %s before the session begins", async (_case, changes) => {
    const steps = new EventEmitter();
    const compared = once(steps, "compared");
    await using server = await start(given.store, {
      async verify(hashed, password) {
        const isRight = await real.verify(hashed, password);
        const goOn = once(steps, "goOn");
        steps.emit("compared");
        await goOn;
        return isRight;
      },
    });
    const { id, email } = await server.newPerson();
    const error = errorOf(server.logIn(email));
    await compared;
    await given.store.write((unit) => unit.users.update(id, changes));
    steps.emit("goOn");
    await expect(error).resolves.toMatchObject(invalidCredentials);
  });

  test("is of no use where the user is deleted before the session begins", async () => {
    const { store } = given;
    let toDelete = "";
    await using server = await start(store, {
      async verify(hashed, password) {
        await store.write((unit) => unit.users.delete(toDelete));
        return real.verify(hashed, password);
      },
    });
    const { id, email } = await server.newPerson();
    toDelete = id;
    await expect(server.logIn(email)).rejects.toMatchObject(invalidCredentials);
  });
});

describe("an attempt to sign in", () => {
  const given = givenStore("SQLite");

  test.each([
    ["too many passwords wait", () => tooBusy(new Error("too many")), "TOO_BUSY"],
    ["the database does not answer", () => new StoreError("unavailable", "no answer"), "STORE_UNAVAILABLE"],
  ])("does not count while %s", async (_case, failure, reason) => {
    let isDown = true;
    await using server = await start(given.store, {
      verify: (hashed, password) => (isDown ? Promise.reject(failure()) : real.verify(hashed, password)),
    });
    const { email } = await server.newPerson();
    const errors = await Promise.all(Array.from({ length: 6 }, () => errorOf(server.logIn(email))));
    expect(errors.map((error) => error.reason)).toEqual(errors.map(() => reason));
    isDown = false;
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await expect(server.logIn(email, "another password")).rejects.toMatchObject(invalidCredentials);
    }
  });

  test("succeeds where its hash cannot be renewed for now", async () => {
    await using server = await start(given.store, { hash: () => Promise.reject(tooBusy(new Error("too many"))) });
    const passwordHash = await createPasswords({ cost: { ...cheapCost, timeCost: 2 } }).hash(goodPassword);
    const { email } = await server.newPerson({ passwordHash });
    await expect(server.logIn(email)).resolves.toBeDefined();
    await expect(given.store.users.findCredentials(email)).resolves.toMatchObject({ passwordHash });
  });

  test("takes the work of comparing a password, whatever is wrong", async () => {
    const verify = jest.fn((hashed: string | undefined, password: string) => real.verify(hashed, password));
    await using server = await start(given.store, { verify });
    const { email } = await server.newPerson();
    const { email: banned } = await server.newPerson({ status: UserStatus.USER_STATUS_BANNED });
    await given.store.write((unit) => unit.users.insert({ name: "Ada", email: "without@example.com", status: 1 }));
    for (const account of [email, banned, "without@example.com", "nobody@example.com", "nobody"]) {
      verify.mockClear();
      await errorOf(server.logIn(account, "another password"));
      expect(verify).toHaveBeenCalledTimes(1);
    }
  });
});
