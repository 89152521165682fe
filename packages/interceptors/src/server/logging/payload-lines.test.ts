import { describe, expect, jest, test } from "@jest/globals";
import { methodOf } from "@rollcall/rpc";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { all, everyKind } from "../../every-kind.fixture.js";
import { until } from "../../until.fixture.js";
import { parsed } from "./lines.fixture.js";
import { startLogging } from "./start-logging.fixture.js";

const ping = methodOf(PingServiceDefinition, PingServiceDefinition.methods.ping);

describe("the messages of a call in the log", () => {
  const hide = (message: { readonly text: string }) => ({ ...message, text: "***" });

  test.each(everyKind)("are not shown for a %s method without a redaction, at any level", async (_kind, makeCall) => {
    const redact = new Map([["/another.Service/Method", { request: hide, response: hide }]]);
    const { server, lines } = await startLogging({ level: "trace", redact });
    await using _stop = server;
    await makeCall(server.client);
    await until(() => lines.length >= 2);
    expect(parsed(lines)).toEqual([
      expect.objectContaining({ msg: "call began" }),
      expect.objectContaining({ msg: "call ended" }),
    ]);
  });

  test("are shown the way the redaction leaves them, one by one", async () => {
    const echo = methodOf(PingServiceDefinition, PingServiceDefinition.methods.echo);
    const redact = new Map([[echo.path, { request: hide, response: hide }]]);
    const { server, lines } = await startLogging({ level: "trace", redact });
    await using _stop = server;
    await all(server.client.echo([{ text: "secret 1" }, { text: "secret 2" }]));
    await until(() => lines.length === 6);
    const message = { level: "trace", method: echo.path, requestId: "made-1" };
    const shown = parsed(lines).filter((line) => (line as { readonly level: string }).level === "trace");
    expect(shown).toHaveLength(4);
    expect(shown).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...message, msg: "request", request: { text: "***" } }),
        expect.objectContaining({ ...message, msg: "response", response: { text: "***" } }),
      ]),
    );
    expect(lines.join("")).not.toContain("secret");
  });

  test.each(["request", "response"] as const)(
    "are shown in one direction where only the %s has a redaction",
    async (direction) => {
      const redact = new Map([[ping.path, { [direction]: hide }]]);
      const { server, lines } = await startLogging({ level: "trace", redact });
      await using _stop = server;
      await server.client.ping({ text: "secret" });
      await until(() => lines.length === 3);
      expect(parsed(lines)[1]).toMatchObject({ level: "trace", msg: direction, [direction]: { text: "***" } });
      expect(lines.join("")).not.toContain("secret");
    },
  );

  test("are fit for JSON and bounded, whatever they hold", async () => {
    const redact = new Map([
      [ping.path, { request: () => ({ id: 2n ** 60n, key: new Uint8Array(2), long: "a".repeat(1e6) }) }],
    ]);
    const { server, lines } = await startLogging({ level: "trace", redact });
    await using _stop = server;
    await server.client.ping({});
    await until(() => lines.length === 3);
    expect(parsed(lines)[1]).toMatchObject({ request: { id: "1152921504606846976", key: "<2 bytes>" } });
    expect(lines[1]?.length).toBeLessThan(5_000);
  });

  test("are not shown, and do not fail the call, when the redaction fails", async () => {
    const fail = () => {
      throw new Error("secret");
    };
    const { server, lines } = await startLogging({
      level: "trace",
      redact: new Map([[ping.path, { request: fail, response: fail }]]),
    });
    await using _stop = server;
    await expect(server.client.ping({ text: "secret" })).resolves.toMatchObject({ text: "secret" });
    await until(() => lines.length === 2);
    expect(lines.join("")).not.toContain("secret");
  });

  test("are not looked at below the level trace", async () => {
    const request = jest.fn(hide);
    const { server, lines } = await startLogging({ level: "debug", redact: new Map([[ping.path, { request }]]) });
    await using _stop = server;
    await server.client.ping({});
    await until(() => lines.length === 2);
    expect(request).not.toHaveBeenCalled();
  });
});
