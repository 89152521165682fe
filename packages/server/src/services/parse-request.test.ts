import { Client as RawClient, credentials } from "@grpc/grpc-js";
import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { draftUser } from "./draft-user.fixture.js";
import { anybody, emoji } from "./field-cases.fixture.js";
import { parseRequest } from "./parse-request.js";
import { errorOf, fieldsOf, invalid, trailerBytesOf } from "./status.fixture.js";
import { givenUserService } from "./user-service.fixture.js";

describe("parseRequest", () => {
  const refused = z.string().refine(() => false, "is refused");

  test.each([
    ["a field", z.object({ pageSize: refused }), { pageSize: "" }, "page_size"],
    ["an item", z.object({ ids: z.array(refused) }), { ids: [""] }, "ids[0]"],
    [
      "a field of an item",
      z.object({ someUsers: z.array(z.object({ name: refused })) }),
      { someUsers: [{ name: "" }] },
      "some_users[0].name",
    ],
    [
      "a value of a map",
      z.object({ metadata: z.record(z.string(), refused) }),
      { metadata: { camelCase: "" } },
      'metadata["camelCase"]',
    ],
    ["a key that is no name", z.object({ "a b": refused }), { "a b": "" }, '["a b"]'],
  ])("writes the path of %s as in a proto", async (_case, schema, request, path) => {
    const parse = async (prefix?: string) => parseRequest<z.ZodType>(schema, request, prefix);

    await expect(parse()).rejects.toMatchObject({ ...invalid(path), details: `${path} is refused` });
    const inside = path.startsWith("[") ? `users[17]${path}` : `users[17].${path}`;
    await expect(parse("users[17]")).rejects.toMatchObject({ ...invalid(inside), details: `${inside} is refused` });
  });

  test("says that it is the key of a map which is wrong, and not its value", async () => {
    const parse = async () =>
      parseRequest(z.object({ metadata: z.record(refused, z.string()) }), { metadata: { a: "" } });

    await expect(parse()).rejects.toMatchObject({
      ...invalid('metadata["a"]'),
      details: 'metadata["a"] key is refused',
    });
  });

  test("answers what the schema makes of a request", () => {
    expect(parseRequest(z.object({ name: z.string().trim() }), { name: " Ada ", more: 1 })).toEqual({ name: "Ada" });
  });
});

describe("the error for a request that breaks many rules", () => {
  const given = givenUserService("SQLite");

  test("an error names fifty fields at most and says how many there are", async () => {
    const error = await errorOf(
      given.client.batchGetUsers({ ids: [...Array.from({ length: 60 }, () => ""), anybody] }),
    );

    expect(fieldsOf(error)).toEqual(Array.from({ length: 50 }, (_, index) => `ids[${String(index)}]`));
    expect(error.details).toMatch(/^ids\[0\] must not be empty; ids\[1\] must not be empty; .*; and \d+ more$/);
  });

  test("fits into the trailers that clients accept, however long the names of its fields are", async () => {
    const metadata = Object.fromEntries(Array.from({ length: 64 }, (_, number) => [emoji(70) + String(number), "\0"]));

    const error = await errorOf(given.client.createUser(draftUser({ metadata })));

    expect(error).toMatchObject({ code: invalid().code, reason: "INVALID_REQUEST" });
    expect(fieldsOf(error).length).toBeGreaterThan(5);
    expect(fieldsOf(error)[0]).toBe(`metadata["${emoji(64)}…"]`);
    expect(trailerBytesOf(error)).toBeLessThan(8 * 1024);
  });

  test("bytes that are not UTF-8 are refused, so that no two of them become one user", async () => {
    using raw = rawClient(given.address);
    const name = Buffer.from([0x0a, 2, 0xc3, 0x28]);
    const email = Buffer.concat([Buffer.from([0x12, 5]), Buffer.from("a@b.c")]);

    await expect(raw.createUser(Buffer.concat([name, email]))).resolves.toMatchObject({
      code: invalid().code,
      details: "name must be valid UTF-8 without NUL",
    });
  });
});

/** A client that sends bytes as they are, and answers with the status. */
function rawClient(address: string) {
  const client = new RawClient(address, credentials.createInsecure());
  return {
    createUser: (bytes: Buffer) =>
      new Promise<unknown>((resolve) => {
        const asIs = (buffer: Buffer) => buffer;
        client.makeUnaryRequest("/user.v1.UserService/CreateUser", asIs, asIs, bytes, (error) => {
          resolve(error);
        });
      }),
    [Symbol.dispose]: () => {
      client.close();
    },
  };
}
