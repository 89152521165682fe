import { describe, expect, test } from "@jest/globals";
import { createLogger, type Logger, type LoggerOptions } from "./logger.js";

/** What a logger writes. */
function linesOf(log: (logger: Logger) => void, options: Partial<LoggerOptions> = {}): string[] {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  log(createLogger({ level: "info", readable: false, destination, ...options }));
  return lines;
}

const parse = (lines: readonly string[]): unknown => JSON.parse(lines.join(""));

describe("createLogger", () => {
  test("writes JSON, a message per line", () => {
    const lines = linesOf((logger) => {
      logger.info({ port: 50_051 }, "listening");
    });
    expect(parse(lines)).toEqual({ level: "info", time: expect.any(String), port: 50_051, msg: "listening" });
  });

  test("leaves out what is less severe than its level", () => {
    const log = (logger: Logger) => {
      logger.info("idle talk");
    };
    expect(linesOf(log, { level: "warn" })).toEqual([]);
  });

  test("tells an error with the chain of its causes, and nothing that a driver adds", () => {
    const root = Object.assign(new Error("connection refused"), { code: "ECONNREFUSED", detail: "secret" });
    const error = new TypeError("no database", { cause: new Error("could not connect", { cause: root }) });
    const lines = linesOf((logger) => {
      logger.error({ error }, "failed");
    });
    expect(parse(lines)).toMatchObject({
      error: {
        type: "TypeError",
        message: "no database",
        stack: expect.stringContaining("logger.test"),
        cause: { message: "could not connect", cause: { message: "connection refused", code: "ECONNREFUSED" } },
      },
    });
    expect(lines.join("")).not.toContain("secret");
  });

  test("ends a chain of causes that goes round in a circle", () => {
    const error = new Error("round");
    error.cause = error;
    const lines = linesOf((logger) => {
      logger.error({ error }, "failed");
    });
    expect(lines).toHaveLength(1);
  });

  test.each<[string, unknown, string]>([
    ["a text", "thrown", '"type":"string","message":"thrown"'],
    ["null", null, '"type":"object","message":"null"'],
  ])("tells %s that was thrown in place of an error", (_case, error, description) => {
    const lines = linesOf((logger) => {
      logger.error({ error }, "failed");
    });
    expect(lines.join("")).toContain(description);
  });

  test.each([["password"], ["databaseUrl"], ["accessToken"], ["authorization"]])("hides a field named %s", (name) => {
    const lines = linesOf((logger) => {
      logger.info({ [name]: "secret", request: { [name]: "secret" }, call: { request: { [name]: "secret" } } }, "seen");
    });
    expect(lines.join("")).toContain("***");
    expect(lines.join("")).not.toContain("secret");
  });

  test("writes lines of text for people, the cause of an error included", () => {
    const error = new Error("no database", { cause: new Error("connection refused") });
    const text = linesOf(
      (logger) => {
        logger.error({ error }, "failed");
      },
      { readable: true },
    ).join("");
    expect(text).toMatch(/^\[\d\d:\d\d:\d\d\] ERROR: failed/);
    expect(text).toContain("connection refused");
  });
});
