import { describe, expect, test } from "@jest/globals";
import { compileText } from "../compile-text.fixture.js";
import { generateErrors } from "./generate-errors.js";

const timeoutMs = 30_000;

const head = `syntax = "proto3";
package test;
import "rollcall/policy/v1/error_policy.proto";
`;

/** What the case is, the reason, its option, and what the generator says of it. */
const mistakes: readonly (readonly [string, string, string, readonly string[]])[] = [
  ["a right one", "FINE", 'code: STATUS_CODE_NOT_FOUND metadata_keys: "id" message: "no {id} and no {id}"', []],
  [
    "no code",
    "CODELESS",
    'message: "no"',
    ["the error has no code; write code: STATUS_CODE_INVALID_ARGUMENT, or another of rollcall.policy.v1.StatusCode"],
  ],
  [
    "no message",
    "SILENT",
    "code: STATUS_CODE_NOT_FOUND",
    ["the error has no message; write a sentence for people, without a full stop"],
  ],
  [
    "a placeholder that is no key",
    "WRONG_KEY",
    'code: STATUS_CODE_NOT_FOUND metadata_keys: "id" message: "no {name}"',
    ["message speaks of {name}, which is no metadata key; add it to metadata_keys, or write {id}"],
  ],
  [
    "a placeholder without keys",
    "NO_KEY",
    'code: STATUS_CODE_NOT_FOUND message: "no {name}"',
    ["message speaks of {name}, which is no metadata key; add it to metadata_keys"],
  ],
  [
    "half a placeholder",
    "HALF",
    'code: STATUS_CODE_NOT_FOUND metadata_keys: "id" message: "no {id"',
    ['message "no {id" has a brace without its other; write {key}'],
  ],
  [
    "a key twice",
    "TWICE",
    'code: STATUS_CODE_NOT_FOUND metadata_keys: ["id", "id"] message: "no"',
    ['metadata key "id" is given twice; remove one'],
  ],
  [
    "a key of another form",
    "WRONG_FORM",
    'code: STATUS_CODE_NOT_FOUND metadata_keys: "Id" message: "no"',
    [
      'metadata key "Id" is not of the form that google.rpc.ErrorInfo asks for; write 2 to 64 letters, digits, - and _, beginning with a lower-case letter',
    ],
  ],
  [
    "a reason too long",
    "L".repeat(64),
    'code: STATUS_CODE_NOT_FOUND message: "no"',
    [
      `the reason "${"L".repeat(64)}" is not of the form that google.rpc.ErrorInfo asks for; write 2 to 63 capital letters, digits and underscores, beginning with a letter`,
    ],
  ],
];

describe("generateErrors", () => {
  test.each(mistakes)(
    "judges %s",
    async (_case, reason, option, expected) => {
      const text = [
        "enum Reason {",
        'option (rollcall.policy.v1.errors) = { domain: "test" };',
        "REASON_UNSPECIFIED = 0;",
        `REASON_${reason} = 1 [(rollcall.policy.v1.error) = { ${option} }];`,
        "}",
      ];
      const { mistakes: found } = await compileText([generateErrors], { "test.proto": head + text.join("\n") });
      expect(found).toEqual(expected.map((said) => `test.proto:7: test.Reason.REASON_${reason}: ${said}`));
    },
    timeoutMs,
  );

  test(
    "refuses a value that says nothing, one that stands for no reason, an enum without a domain, and a second enum",
    async () => {
      const some = '[(rollcall.policy.v1.error) = { code: STATUS_CODE_ABORTED message: "no" }]';
      const enums = `enum One {\n  ONE_UNSPECIFIED = 0 ${some};\n  ONE_SOME = 1 ${some};\n  ONE_NONE = 2;\n}
enum Two { TWO_UNSPECIFIED = 0; TWO_SOME = 1 ${some}; }`;
      const { mistakes: found, modules } = await compileText([generateErrors], { "test.proto": head + enums });
      expect(found).toEqual([
        'test.proto:4: test.One: the errors have no domain; write option (rollcall.policy.v1.errors) = { domain: "..." }',
        "test.proto:5: test.One.ONE_UNSPECIFIED: the value numbered 0 stands for no reason; remove rollcall.policy.v1.error",
        'test.proto:7: test.One.ONE_NONE: the value does not say what its errors say, and others of its enum do; write [(rollcall.policy.v1.error) = { code: ..., message: "..." }]',
        "test.proto:9: test.Two: One of the same file declares errors already; move the enum to a file of its own",
      ]);
      expect(modules).toEqual({});
    },
    timeoutMs,
  );

  test(
    "writes nothing for a proto whose enums are no reasons",
    async () => {
      const text = 'syntax = "proto3"; package plain; enum Plain { PLAIN_UNSPECIFIED = 0; PLAIN_SOME = 1; }';
      const { modules } = await compileText([generateErrors], { "plain.proto": text });
      expect(modules).toEqual({});
    },
    timeoutMs,
  );
});
