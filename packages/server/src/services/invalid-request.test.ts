import { Client as RawClient, credentials } from "@grpc/grpc-js";
import { describe, expect, test } from "@jest/globals";
import { draftUser } from "./draft-user.fixture.js";
import { anybody, emoji } from "./field-cases.fixture.js";
import { errorOf, fieldsOf, invalid, trailerBytesOf } from "./status.fixture.js";
import { givenUserService } from "./user-service.fixture.js";

describe("the error for a request that breaks many rules", () => {
  const given = givenUserService("SQLite");

  test("an error names fifty fields at most and says how many there are", async () => {
    const error = await errorOf(
      given.client.batchGetUsers({ ids: [...Array.from({ length: 60 }, () => ""), anybody] }),
    );

    expect(fieldsOf(error)).toEqual(Array.from({ length: 50 }, (_, index) => `ids[${String(index)}]`));
    expect(error.details).toMatch(/^ids\[0\] must not be empty; ids\[1\] must not be empty; .*; and \d+ more$/);
  });

  test.each([
    ["ids", (bad: string[]) => given.client.batchGetUsers({ ids: bad })],
    ["roles", (bad: string[]) => given.client.createUser(draftUser({ roles: bad }))],
  ])("names the list first where 100,000 %s are too many and each is wrong", async (field, call) => {
    const error = await errorOf(call(Array.from({ length: 100_000 }, () => "")));

    const items = Array.from({ length: 49 }, (_, index) => `${field}[${String(index)}]`);
    expect(fieldsOf(error)).toEqual([field, ...items]);
    expect(trailerBytesOf(error)).toBeLessThan(8 * 1024);
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
      details: "name must not contain U+0000 or U+FFFD",
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
