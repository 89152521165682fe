import { describe, expect, test } from "@jest/globals";
import { parseSubjectAltNames } from "./subject-alt-names.js";

describe("parseSubjectAltNames", () => {
  test.each([
    ["no names", "", []],
    ["one name", "DNS:one.example", [{ type: "DNS", value: "one.example" }]],
    [
      "names of several kinds",
      "DNS:localhost, IP Address:0:0:0:0:0:0:0:1, URI:spiffe://example.com/billing?a=b:c, email:ann@example.com",
      [
        { type: "DNS", value: "localhost" },
        { type: "IP Address", value: "0:0:0:0:0:0:0:1" },
        { type: "URI", value: "spiffe://example.com/billing?a=b:c" },
        { type: "email", value: "ann@example.com" },
      ],
    ],
    [
      "a name that looks like two",
      'DNS:"evil.example, DNS:admin.example", DNS:after.example',
      [
        { type: "DNS", value: "evil.example, DNS:admin.example" },
        { type: "DNS", value: "after.example" },
      ],
    ],
    [
      "a name with quotes and escapes",
      String.raw`URI:"https://evil.example/\", URI:\"spiffe://admin\\\u0000"`,
      [{ type: "URI", value: 'https://evil.example/", URI:"spiffe://admin\\\0' }],
    ],
    ["an empty name", "DNS:", [{ type: "DNS", value: "" }]],
  ])("tells apart %s", (_case, text, names) => {
    expect(parseSubjectAltNames(text)).toEqual(names);
  });

  test.each([
    ["a name without a kind", "one.example"],
    ["a comma without a space", "DNS:one,DNS:two"],
    ["a quote in the middle", 'DNS:one"two"'],
    ["a quote that does not end", 'DNS:"one, DNS:two'],
    ["text after a quote", 'DNS:"one"two'],
    ["an escape that is none", String.raw`DNS:"\x"`],
  ])("refuses %s", (_case, text) => {
    expect(() => parseSubjectAltNames(text)).toThrow();
  });
});
