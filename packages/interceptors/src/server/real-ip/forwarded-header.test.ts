import { describe, expect, test } from "@jest/globals";
import { entryReaders } from "./forwarded-header.js";

describe("an entry of x-forwarded-for", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    [" 192.0.2.1\t", "192.0.2.1"],
    ["192.0.2.1:4711", "192.0.2.1"],
    ["2001:db8::1", "2001:db8::1"],
    ["2001:DB8::1", "2001:DB8::1"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["[2001:db8::1]:4711", "2001:db8::1"],
  ])("names its address: %j", (entry, address) => {
    expect(entryReaders["x-forwarded-for"](entry)).toBe(address);
  });

  test.each([
    "",
    " ",
    "unknown",
    "proxy.example",
    "[2001:db8::1",
    "2001:db8::1]",
    "fe80::1%eth0",
    'a"b',
    "1".repeat(9_999),
  ])("is of no use: %j", (entry) => {
    expect(entryReaders["x-forwarded-for"](entry)).toBeUndefined();
  });
});

describe("an entry of forwarded", () => {
  test.each([
    ["for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"],
    [" For=192.0.2.60", "192.0.2.60"],
    ["proto=https ; for=192.0.2.60", "192.0.2.60"],
    ['for="192.0.2.60:4711"', "192.0.2.60"],
    ['for="[2001:db8:cafe::17]"', "2001:db8:cafe::17"],
    ['for="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"],
    ['for="[2001:db8:cafe::17]:_port"', "2001:db8:cafe::17"],
    ['for=192.0.2.60;secret="a=b"', "192.0.2.60"],
  ])("names its address: %s", (entry, address) => {
    expect(entryReaders.forwarded(entry)).toBe(address);
  });

  test.each([
    ["without a for", "proto=http"],
    ["with an unknown one", "for=unknown"],
    ["with a hidden one", "for=_gazonk"],
    ["with two of them", "for=192.0.2.1;for=192.0.2.2"],
    ["with an empty one", "for="],
    ["with an open quote", 'for="192.0.2.1'],
    ["with an escaped quote", String.raw`for="192.0.2.1\""`],
    ["without anything", ""],
    ["of another header", "192.0.2.1"],
  ])("is of no use %s", (_case, entry) => {
    expect(entryReaders.forwarded(entry)).toBeUndefined();
  });
});
