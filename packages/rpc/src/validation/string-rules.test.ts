import { describe, expect, test } from "@jest/globals";
import { format, len, lenBytes, maxBytes, maxLen, minBytes, minLen, pattern } from "./string-rules.js";
import type { TextFormat } from "./string-rules.js";

describe("rules on the length of a text", () => {
  // Two characters, four UTF-16 units, eight bytes.
  const emojis = "😀😀";

  test.each([
    ["len", len(2), ["ab", emojis], ["a", "abc", "😀"]],
    ["minLen", minLen(2), ["ab", "abc", emojis], ["", "a", "😀"]],
    ["maxLen", maxLen(2), ["", "ab", emojis], ["abc", "😀😀😀", "😀ab"]],
    ["lenBytes", lenBytes(4), ["abcd", "😀", "éé"], ["abc", "é", "abcde", "ééé"]],
    ["minBytes", minBytes(4), ["abcd", "😀", "éé"], ["abc", "é", "€"]],
    ["maxBytes", maxBytes(4), ["", "abcd", "😀", "éé"], ["abcde", "éée", "😀a", "€€"]],
  ])("%s counts characters, not UTF-16 units, or bytes", (_name, rule, valid, invalid) => {
    expect(valid.filter((text) => !rule.test(text))).toEqual([]);
    expect(invalid.filter((text) => rule.test(text))).toEqual([]);
  });

  test("a surrogate without its partner is a character of three bytes", () => {
    expect([len(1).test("\ud83d"), lenBytes(3).test("\ud83d"), lenBytes(4).test("\ude00a")]).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe("format", () => {
  const labels = "a".repeat(63);

  test.each<[TextFormat, readonly string[], readonly string[]]>([
    [
      "email",
      ["a@b", "a.b+c@example.com", `a@${labels}`],
      ["", "a", "a@", "@b", "a@b.", "a b@c", "a@-b", "é@b", `a@${labels}a`],
    ],
    [
      "hostname",
      ["a", "example.com", "example.com.", `${labels}.x`, "1.a"],
      ["", ".", "a..b", "-a", "a.1", `${labels}a`],
    ],
    ["ipv4", ["0.0.0.0", "255.255.255.255"], ["", "1.2.3", "256.1.1.1", "01.1.1.1", "1.1.1.1.1", "::1"]],
    [
      "ipv6",
      ["::", "::1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "fe80::1%eth0"],
      ["", ":", ":::", "1::2::3", "::%", "12345::"],
    ],
    ["ip", ["::1", "1.2.3.4"], ["", "a"]],
    ["address", ["::1", "1.2.3.4", "a.b"], ["", "a_b"]],
    [
      "uri",
      ["https://example.com/a?b#c", "urn:a:b", "http://[::1]:80/"],
      ["", "a", "//a", "1:a", "http://[::1", "http://a b"],
    ],
    ["uri_ref", ["", "./a?b", "//a/b", "https://a"], ["a b", "1:b", "%zz", "a#b#c"]],
    ["uuid", ["0190c2f0-0000-7000-8000-00000000000A"], ["", "0190c2f0000070008000000000000000", "x"]],
    ["tuuid", ["0190c2f000007000800000000000000A"], ["", "0190c2f0-0000-7000-8000-000000000000"]],
  ])("%s is what protovalidate takes for one", (name, valid, invalid) => {
    const keeps = (text: string) => format(name).every((rule) => rule.test(text));
    expect(valid.filter((text) => !keeps(text))).toEqual([]);
    expect(invalid.filter(keeps)).toEqual([]);
  });

  test("has a rule of its own for an empty text", () => {
    expect(
      format("email")
        .filter((rule) => !rule.test(""))
        .map(({ ruleId }) => ruleId),
    ).toEqual(["string.email_empty"]);
  });
});

describe("pattern", () => {
  test.each([
    [/^[a-z]+$/u, "must match ^[a-z]+$"],
    [/^[^\0\u{fffd}]*$/u, "must not contain U+0000 or U+FFFD"],
    [/^[^,]*$/u, 'must not contain ","'],
  ])("says of %s what the text must do", (expression, message) => {
    expect(pattern(expression).message).toBe(message);
  });
});
