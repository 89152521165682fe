import { expect, test } from "@jest/globals";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { createChannel, createClient, Status } from "nice-grpc";
import { startServerForOthers } from "./server-for-others.js";

test("nice-grpc takes the generated definitions as they are, and its client makes calls of all four kinds", async () => {
  await using server = await startServerForOthers({ auth: "off" });
  const channel = createChannel(server.address);
  try {
    const users = createClient(UserServiceDefinition, channel);
    const ada = await users.createUser({ name: "Ada Lovelace", email: "ada@nice.example" });
    await expect(users.getUser({ id: ada.id })).resolves.toEqual({ user: ada });
    await expect(users.createUsers(stream({ name: "Grace", email: "grace@nice.example" }))).resolves.toMatchObject({
      totalCount: 1,
    });
    await expect(namesOf(users.listUsers({}))).resolves.toEqual(["Ada Lovelace", "Grace"]);
    await expect(textsOf(users.chat(stream({ userId: "ada", content: "hello" })))).resolves.toEqual(["hello"]);
    await expect(users.getUser({ id: "nobody" })).rejects.toMatchObject({ code: Status.NOT_FOUND });
  } finally {
    channel.close();
  }
});

async function* stream<T>(...messages: readonly T[]): AsyncGenerator<T> {
  yield* messages;
}

async function namesOf(users: AsyncIterable<{ readonly name: string }>): Promise<string[]> {
  const names = [];
  for await (const { name } of users) {
    names.push(name);
  }
  return names;
}

async function textsOf(messages: AsyncIterable<{ readonly content: string }>): Promise<string[]> {
  const texts = [];
  for await (const { content } of messages) {
    texts.push(content);
  }
  return texts;
}
