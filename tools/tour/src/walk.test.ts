import { createRollcallClient } from "@rollcall/client";
import { describe, expect, test } from "@jest/globals";
import { findServer } from "./find-server.js";
import { createNarrator } from "./narrator.js";
import { walk } from "./walk.js";

const timeoutMs = 30_000; // a call for each of hundreds of users, each on the disk before it is answered
const nobodyListensHere = "127.0.0.1:1";

describe("the tour", () => {
  test(
    "walks through every call on a server of its own, and leaves nobody behind",
    async () => {
      await using server = await findServer(nobodyListensHere);
      await using client = createRollcallClient({ address: server.address });
      const lines: string[] = [];
      const narrator = createNarrator((line) => lines.push(line), false);
      await walk(client, narrator, "test");
      const told = lines.join("\n");
      const calls = Object.keys(client.users).map((name) => name.charAt(0).toUpperCase() + name.slice(1));
      expect(calls.filter((call) => !told.includes(call))).toEqual([]);
      for (const error of ["NOT_FOUND (USER_NOT_FOUND)", "ALREADY_EXISTS (EMAIL_TAKEN)", "DEADLINE_EXCEEDED"]) {
        expect(told).toContain(`as expected: ${error}`);
      }
      await expect(client.users.listUsers({}).next()).resolves.toMatchObject({ done: true });
    },
    timeoutMs,
  );

  test("uses the server that answers", async () => {
    await using running = await findServer(nobodyListensHere);
    await using found = await findServer(running.address);
    expect(found).toMatchObject({ address: running.address, isOurs: false });
  });
});
