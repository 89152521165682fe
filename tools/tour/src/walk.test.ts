import { createRollcallClient, password } from "@rollcall/client";
import { describe, expect, test } from "@jest/globals";
import { findServer } from "./find-server.js";
import { createNarrator } from "./narrator.js";
import { walk } from "./walk.js";

const timeoutMs = 60_000; // a call for each of hundreds of users, each on the disk before it is answered
const nobodyListensHere = "127.0.0.1:1";

describe("the tour", () => {
  test(
    "walks through every call on a server of its own, and leaves nobody behind",
    async () => {
      await using server = await findServer(nobodyListensHere);
      const lines: string[] = [];
      await walk(
        server,
        createNarrator((line) => lines.push(line), false),
        "test",
      );
      const told = lines.join("\n");
      await using client = createRollcallClient({ address: server.address, auth: password(server.administrator) });
      const calls = [...Object.keys(client.users), ...Object.keys(client.auth)].map(
        (name) => name.charAt(0).toUpperCase() + name.slice(1),
      );
      expect(calls.filter((call) => !told.includes(call))).toEqual([]);
      expect(told).not.toContain(server.administrator.password);
      expect(told).toMatch(/SetUserRoles by .+: PERMISSION_DENIED/); // as the audit log has it
      const left = [];
      for await (const { email } of client.users.listUsers({})) {
        left.push(email);
      }
      expect(left).toEqual([server.administrator.email]);
      expect(errorsIn(lines)).toEqual([
        "UNAUTHENTICATED (CREDENTIALS_REQUIRED)",
        "FAILED_PRECONDITION (REGISTRATION_CLOSED)",
        "UNAUTHENTICATED (INVALID_CREDENTIALS)",
        "UNAUTHENTICATED (CREDENTIALS_REJECTED)",
        "NOT_FOUND (USER_NOT_FOUND)",
        "ALREADY_EXISTS (EMAIL_TAKEN)",
        "DEADLINE_EXCEEDED",
        "PERMISSION_DENIED (PERMISSION_DENIED)",
        "UNAUTHENTICATED (CREDENTIALS_REQUIRED)",
        "PERMISSION_DENIED (PERMISSION_DENIED)",
        "UNAUTHENTICATED (CREDENTIALS_REJECTED)",
        "UNAUTHENTICATED (CREDENTIALS_REQUIRED)",
      ]);
    },
    timeoutMs,
  );

  test("uses the server that answers, as whom it is told", async () => {
    await using running = await findServer(nobodyListensHere);
    const { email, password: secret } = running.administrator;
    await using found = await findServer(running.address, {
      ROLLCALL_TOUR_EMAIL: email,
      ROLLCALL_TOUR_PASSWORD: secret,
    });
    expect(found).toMatchObject({ address: running.address, administrator: running.administrator, isOurs: false });
  });

  test.each([[{}], [{ ROLLCALL_TOUR_EMAIL: "admin@example.com" }], [{ ROLLCALL_TOUR_PASSWORD: "correct horse" }]])(
    "says what to set for a server that answers, where there is only %j",
    async (environment) => {
      await using running = await findServer(nobodyListensHere);
      await expect(findServer(running.address, environment)).rejects.toThrow(
        `a server answers on ${running.address}: set ROLLCALL_TOUR_EMAIL and ROLLCALL_TOUR_PASSWORD`,
      );
    },
  );
});

/** The errors that were expected, without their sentences. */
function errorsIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /as expected: ([A-Z_]+(?: \([A-Z_]+\))?)/.exec(line)?.[1] ?? []);
}
