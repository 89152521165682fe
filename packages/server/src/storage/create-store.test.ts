import { describe, expect, test } from "@jest/globals";
import type { Unit } from "./store.js";
import { databaseNames, givenStore } from "./test-store.fixture.js";

let count = 0;

function someone() {
  count += 1;
  return { name: "Ada", email: `ada.${count}@example.com`, status: 1 };
}

describe.each(databaseNames)("a unit of work on %s", (name) => {
  const given = givenStore(name);

  test("nothing of it is stored when it throws", async () => {
    const draft = someone();

    const work = given.store.write(async (unit) => {
      await unit.users.insert(draft);
      throw new Error("changed my mind");
    });

    await expect(work).rejects.toThrow("changed my mind");
    await expect(given.store.users.findCredentials(draft.email)).resolves.toBeUndefined();
  });

  test("it sees what it has written, and nobody else does before it ends", async () => {
    const draft = someone();

    await given.store.write(async (unit) => {
      const user = await unit.users.insert(draft);
      await expect(unit.users.find(user.id)).resolves.toEqual(user);
      await expect(given.store.users.find(user.id)).resolves.toBeUndefined();
    });

    await expect(given.store.users.findCredentials(draft.email)).resolves.toBeDefined();
  });

  test("nothing of it is stored when it goes on after a step that failed", async () => {
    const taken = await given.store.write((unit) => unit.users.insert(someone()));
    const [before, after] = [someone(), someone()];

    const work = given.store.write(async (unit) => {
      await unit.users.insert(before);
      await expect(unit.users.insert({ ...someone(), email: taken.email })).rejects.toThrow();
      await expect(unit.users.insert(after)).rejects.toMatchObject({ kind: "emailTaken" });
    });

    await expect(work).rejects.toMatchObject({ kind: "emailTaken" });
    await expect(given.store.users.findCredentials(before.email)).resolves.toBeUndefined();
    await expect(given.store.users.findCredentials(after.email)).resolves.toBeUndefined();
  });

  test("steps that nobody awaits cannot escape it", async () => {
    const taken = await given.store.write((unit) => unit.users.insert(someone()));
    const escaping = someone();

    const work = given.store.write((unit) =>
      Promise.all([unit.users.insert({ ...someone(), email: taken.email }), unit.users.insert(escaping)]),
    );

    await expect(work).rejects.toMatchObject({ kind: "emailTaken" });
    await given.store.write((unit) => unit.users.insert(someone()));
    await expect(given.store.users.findCredentials(escaping.email)).resolves.toBeUndefined();
  });

  test("it cannot be used after its end", async () => {
    const kept: Unit[] = [];
    await given.store.write(async (unit) => {
      kept.push(unit);
      await unit.users.find("nobody");
    });

    await expect(kept[0]?.users.insert(someone())).rejects.toMatchObject({ kind: "internal" });
  });

  test("the database answers a ping", async () => {
    await expect(given.store.ping()).resolves.toBeUndefined();
  });
});
