import { describe, expect, test } from "@jest/globals";
import { databaseNames, givenStore } from "./test-store.fixture.js";
import type { NewUser, User } from "./user.js";

let count = 0;

/** New users whose e-mails nobody has. */
function crowd(length: number, status = 1): NewUser[] {
  return Array.from({ length }, () => {
    count += 1;
    return { name: `User ${count}`, email: `user.${count}@example.com`, status };
  });
}

const texts = [
  ["emoji joined to a family", "👩‍👩‍👧‍👦 👍🏽 🇪🇺"],
  ["right to left with marks", "שָׁלוֹם مَرْحَبًا \u202Eabc\u202C"],
  ["combining characters", "e\u0301 \u0041\u030A Z\u0351\u036B\u0343"],
  ["composed characters", "\u00e9 \u00c5"],
  ["four-byte ideographs", "𠮷野家 𝔘𝔫𝔦"],
  ["noncharacters and a byte order mark", "\uFEFF\uFFFF\uFFFD\u{10FFFF}"],
  ["control characters", "\u0001\t\r\n\u007F\u0085\u2028"],
  ["what SQL, JSON and arrays write specially", `'"\\{},NULL%_;--$1 ?:a\\u0000`],
  ["the word null", "NULL"],
  ["nothing", ""],
] as const;

describe.each(databaseNames)("reading users on %s", (name) => {
  const given = givenStore(name);
  const insertMany = (users: readonly NewUser[]) => given.store.write((unit) => unit.users.insertMany(users));

  test("a user who does not exist is not found", async () => {
    await expect(given.store.users.find("nobody")).resolves.toBeUndefined();
    await expect(given.store.users.findCredentials("nobody@example.com")).resolves.toBeUndefined();
  });

  test("many users are found in the order asked, without those that do not exist", async () => {
    const [first, second, third] = await insertMany(crowd(3));
    const ids = [third?.id ?? "", "nobody", first?.id ?? "", '{"},\\', second?.id ?? "", third?.id ?? ""];

    await expect(given.store.users.findMany(ids)).resolves.toEqual([third, first, second, third]);
    await expect(given.store.users.findMany([])).resolves.toEqual([]);
  });

  test.each(texts)("%s comes back as it was given", async (_case, text) => {
    const [draft] = crowd(1);
    const stored = { name: text, roles: [text], metadata: { [text]: text }, phone: text };

    const [user] = await insertMany([{ ...draft, email: `${text}${count}@example.com`, status: 1, ...stored }]);
    const updated = await given.store.write((unit) => unit.users.update(user?.id ?? "", stored));

    const found = await given.store.users.find(user?.id ?? "");
    expect(found).toEqual({ ...user, ...stored, email: `${text}${count}@example.com`, ...versionOf(updated) });
  });

  test.each([
    ["NUL", "a\0b"],
    ["a lone surrogate", "a\uD800b"],
  ])("%s is refused wherever it is given", async (_case, text) => {
    const [draft] = crowd(1);
    const refused = { kind: "invalidText" };

    await expect(given.store.users.find(text)).rejects.toMatchObject(refused);
    await expect(given.store.users.page({ afterId: text, limit: 1 })).rejects.toMatchObject(refused);
    await expect(insertMany([{ email: "x", status: 1, ...draft, name: text }])).rejects.toMatchObject(refused);
    await expect(given.store.messages.append("lobby", [{ userId: "u", content: text }])).rejects.toMatchObject(refused);
  });

  test("pages hold each user once, in the order of ids, and only those of the status asked", async () => {
    const users = await insertMany([...crowd(25, 7), ...crowd(5, 8), ...crowd(25, 7)]);
    const expected = users.filter((user) => user.status === 7);

    const pages = await readAll((afterId) => given.store.users.page({ afterId, status: 7, limit: 10 }));

    expect(pages.map((page) => page.length)).toEqual([10, 10, 10, 10, 10, 0]);
    expect(pages.flat()).toEqual(expected);
  });

  test("who is there all the time appears exactly once, whatever comes and goes meanwhile", async () => {
    const users = await insertMany(crowd(3_000, 9));
    const leaving = new Set(users.filter((_, number) => number % 3 === 0).map((user) => user.id));
    let isReading = true;
    const change = async () => {
      for (const id of leaving) {
        if (!isReading) {
          return;
        }
        await given.store.write(async (unit) => {
          await unit.users.delete(id);
          await unit.users.insertMany(crowd(1, 9));
        });
      }
    };

    const changing = change();
    const pages = await readAll((afterId) => given.store.users.page({ afterId, status: 9, limit: 100 }));
    isReading = false;
    await changing;

    const seen = pages.flat().map((user) => user.id);
    const stayed = users.map((user) => user.id).filter((id) => !leaving.has(id));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => !leaving.has(id)).slice(0, stayed.length)).toEqual(stayed);
  });

  test("a numbered page begins where its number says", async () => {
    const users = await insertMany(crowd(12_050, 10));

    const begin = async (skipped: number) => {
      const afterId = await given.store.users.seek(skipped, { status: 10 });
      return afterId === undefined ? undefined : await given.store.users.page({ afterId, status: 10, limit: 2 });
    };

    await expect(begin(0)).resolves.toEqual(users.slice(0, 2));
    await expect(begin(1)).resolves.toEqual(users.slice(1, 3));
    await expect(begin(10_000)).resolves.toEqual(users.slice(10_000, 10_002));
    await expect(begin(12_049)).resolves.toEqual(users.slice(12_049));
    await expect(begin(12_050)).resolves.toEqual([]);
    await expect(begin(12_051)).resolves.toBeUndefined();
    await expect(begin(30_000)).resolves.toBeUndefined();
  });

  test("looking for a page ends when nobody wants it any more", async () => {
    const signal = AbortSignal.abort(new Error("gone"));

    await expect(given.store.users.seek(1, { signal })).rejects.toThrow("gone");
  });
});

function versionOf({ version, authVersion, updatedAt }: User): Partial<User> {
  return { version, authVersion, updatedAt };
}

/** Every page until an empty one. */
async function readAll(readPage: (afterId: string) => Promise<User[]>): Promise<User[][]> {
  const pages: User[][] = [];
  for (let afterId: string | undefined = ""; afterId !== undefined;) {
    const page = await readPage(afterId);
    pages.push(page);
    afterId = page.at(-1)?.id;
  }
  return pages;
}
