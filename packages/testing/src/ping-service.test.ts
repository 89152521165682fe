import { expect, test } from "@jest/globals";
import { PingServiceDefinition, Shade } from "./gen/ping/v1/ping.js";
import { createPingService } from "./ping-service.js";
import { startTestServer } from "./start-test-server.js";

test("the ping service answers in each of the four ways", async () => {
  await using server = await startTestServer(PingServiceDefinition, createPingService());
  const { client } = server;
  const values = {
    shade: Shade.SHADE_DARK,
    int64Value: -1n,
    time: new Date(5),
    choice: { $case: "chosenText", value: "a" },
  } as const;
  await expect(client.ping({ text: "hello", values })).resolves.toMatchObject({ text: "hello", values });
  await expect(client.collect([{ text: "a" }, { text: "b" }])).resolves.toEqual({ texts: ["a", "b"] });
  const numbers = [];
  for await (const { number, padding } of client.count({ to: 3, paddingBytes: 2 })) {
    numbers.push([number, padding.length]);
  }
  expect(numbers).toEqual([
    [1, 2],
    [2, 2],
    [3, 2],
  ]);
  const echoes = [];
  for await (const { text } of client.echo([{ text: "a" }, { text: "b" }])) {
    echoes.push(text);
  }
  expect(echoes).toEqual(["a", "b"]);
});
