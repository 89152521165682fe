import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, expect, jest, test } from "@jest/globals";
import { type Logger, type LoggerOptions, multistream, pino, stdTimeFunctions } from "pino";
import { callEnded, type CallLine } from "./call-line.js";
import { createLineWriter } from "./line-writer.js";
import { createLines, parsed, serverLoggerOptions } from "./lines.fixture.js";

const line: CallLine = {
  method: "/ping.v1.PingService/Ping",
  kind: "unary",
  status: "NOT_FOUND",
  durationMs: 12.345,
  requestId: "8e2b3a52-6d6c-4e44-8f0d-0c5c4b6a1f11",
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  peer: "2001:db8::1",
  user: "user!#$%&'()*+,-./:;<=>?@[]^_`{|}~ 1",
  requests: 1,
  requestBytes: 20,
  responses: 0,
  responseBytes: 0,
  reason: "USER_NOT_FOUND",
};
const bareLine: CallLine = {
  ...line,
  durationMs: 0,
  requestId: undefined,
  traceId: undefined,
  user: undefined,
  reason: undefined,
};
const levels = ["debug", "info", "warn", "error"] as const;

/** The lines without their times, which go on while they are written. */
const timeless = (lines: readonly string[]) => lines.map((text) => text.replace(/"time":(?:"[^"]+"|\d+)/, '"time":0'));

const options = (more: LoggerOptions): LoggerOptions => ({ level: "debug", ...more });

describe("a line in place of pino", () => {
  test.each<[string, LoggerOptions, ((logger: Logger) => Logger)?]>([
    ["of Rollcall's server", { ...serverLoggerOptions, level: "debug" }],
    ["with nothing set", {}],
    ["without a time", { timestamp: false }],
    ["with the time in seconds", { timestamp: stdTimeFunctions.unixTime }],
    ["with a name", { name: 'the "server"\n' }],
    ["with a base", { base: { service: 'a "b"\n', zone: { id: 1 } } }],
    ["with a level under another name", { formatters: { level: (label, number) => ({ severity: label, number }) } }],
    ["with secrets", { redact: ["secret", "*.secret", "request.body"] }],
    ["with serializers of other fields", { serializers: { error: () => "an error" } }],
    ["with bindings", {}, (logger) => logger.child({ instance: 'i"1' })],
    ["with bindings of bindings", {}, (logger) => logger.child({ a: 1 }).child({ b: [2] }, { redact: ["c"] })],
    ["with levels of its own", { customLevels: { notice: 35 } }],
  ])(
    "is byte for byte what a logger %s writes, apart from the time",
    (_case, settings, derive = (logger) => logger) => {
      const { logger: root, lines } = createLines(options(settings));
      const logger = derive(root);
      for (const level of levels) {
        logger[level](line, callEnded);
        logger[level](bareLine, callEnded);
      }
      const byPino = lines.splice(0);
      const write = createLineWriter(logger);
      const spies = levels.map((level) => jest.spyOn(logger, level));
      for (const level of levels) {
        write(level, line);
        write(level, bareLine);
      }
      expect(timeless(lines)).toEqual(timeless(byPino));
      expect(byPino).toHaveLength(8);
      for (const spy of spies) {
        expect(spy).not.toHaveBeenCalled();
      }
    },
  );

  test("tells the time as the logger does", () => {
    const { logger, lines } = createLines();
    const earliestMs = Date.now();
    createLineWriter(logger)("info", line);
    const { time } = parsed(lines)[0] as { readonly time: string };
    expect(new Date(time).toISOString()).toBe(time);
    expect(Date.parse(time)).toBeGreaterThanOrEqual(earliestMs);
    expect(Date.parse(time)).toBeLessThanOrEqual(Date.now());
  });

  test("has the bindings that the logger was given meanwhile", () => {
    const { logger, lines } = createLines();
    const write = createLineWriter(logger);
    logger.setBindings({ instance: "i-1" });
    write("info", line);
    expect(parsed(lines)).toEqual([expect.objectContaining({ instance: "i-1", status: "NOT_FOUND" })]);
  });
});

describe("a line through pino", () => {
  test.each<[string, LoggerOptions, ((logger: Logger) => Logger)?]>([
    ["mixes something in", { mixin: () => ({ mixed: "in" }) }],
    ["could mix something in", { mixin: () => ({}) }],
    ["formats fields", { formatters: { log: (fields) => ({ ...fields, formatted: true }) } }],
    ["could format fields", { formatters: { log: (fields) => fields } }],
    ["serializes one of the fields", { serializers: { peer: () => "somewhere" } }],
    ["could serialize one of the fields", { serializers: { reason: (reason: unknown) => reason } }],
    ["could serialize the text", { serializers: { msg: (text: unknown) => text } }],
    ["redacts one of the fields", { redact: ["user"] }],
    ["redacts one by what it holds", { redact: { paths: ["user"], censor: (value: unknown) => value } }],
    ["redacts all fields", { redact: ["*"] }],
    ["removes fields", { redact: { paths: ["peer"], remove: true } }],
    ["has another name for the text", { messageKey: "message" }],
    ["puts fields into one", { nestedKey: "call" }],
    ["puts something before the text", {}, (logger) => logger.child({}, { msgPrefix: "[a] " })],
    ["serializes in a child", {}, (logger) => logger.child({}, { serializers: { method: () => "m" } })],
    ["ends lines in two characters", { crlf: true }],
    [
      "changes arguments",
      {
        hooks: {
          logMethod(args, method) {
            method.apply(this, args);
          },
        },
      },
    ],
    ["could change lines", { hooks: { streamWrite: (text: string) => text } }],
    ["changes lines", { hooks: { streamWrite: (text: string) => text.replace("call", "CALL") } }],
  ])("is written where the logger %s", (_case, settings, derive = (logger) => logger) => {
    const { logger: root, lines } = createLines(options(settings));
    const logger = derive(root);
    logger.info(line, callEnded);
    const byPino = lines.splice(0);
    const write = createLineWriter(logger);
    const spy = jest.spyOn(logger, "info");
    write("info", line);
    expect(spy).toHaveBeenCalledWith(line, callEnded);
    expect(timeless(lines)).toEqual(timeless(byPino));
  });

  test("is written where each line goes to several places by its level", () => {
    const lines: string[] = [];
    const logger = pino({}, multistream([{ level: "error", stream: { write: (text: string) => lines.push(text) } }]));
    const write = createLineWriter(logger);
    write("info", line);
    write("error", line);
    expect(parsed(lines)).toEqual([expect.objectContaining({ level: 50 })]);
  });

  test("is written while somebody traces what pino writes", () => {
    const { logger, lines } = createLines();
    const write = createLineWriter(logger);
    const spy = jest.spyOn(logger, "info");
    const trace = () => undefined;
    subscribe("tracing:pino_asJson:start", trace);
    write("info", line);
    unsubscribe("tracing:pino_asJson:start", trace);
    write("info", line);
    expect(spy).toHaveBeenCalledTimes(1);
    expect(lines).toHaveLength(2);
  });

  test.each([
    ["a quote", 'a","level":"error'],
    ["a line feed", 'a\n{"level":"error"}'],
    ["a backslash", "a\\"],
    ["a control character", "a\u0000\u001b[31m"],
    ["a character beyond ASCII", "ä\u2028"],
    ["half a character", "\ud800"],
    ["a delete", "\u007f"],
  ])("cannot be forged with %s", (_case, text) => {
    const { logger, lines } = createLines();
    const write = createLineWriter(logger);
    for (const key of ["method", "requestId", "traceId", "peer", "user", "reason"] as const) {
      write("info", { ...line, [key]: text });
      expect(lines).toHaveLength(1);
      expect(lines[0]?.indexOf("\n")).toBe((lines[0]?.length ?? 0) - 1);
      expect(parsed(lines.splice(0))).toEqual([
        {
          ...line,
          level: "info",
          time: expect.any(String),
          msg: "call ended",
          [key]: text.toWellFormed() === text ? text : expect.any(String),
        },
      ]);
    }
  });
});

describe("a line through any other logger", () => {
  test("is handed over as it is", () => {
    const calls: unknown[] = [];
    const take =
      (level: string) =>
      (...args: unknown[]) =>
        calls.push([level, ...args]);
    const logger = {
      isLevelEnabled: () => true,
      trace: take("trace"),
      debug: take("debug"),
      info: take("info"),
      warn: take("warn"),
      error: take("error"),
    };
    const write = createLineWriter(logger);
    write("warn", line);
    expect(calls).toEqual([["warn", line, "call ended"]]);
  });
});
