import { beforeAll, describe, expect, test } from "@jest/globals";
import { compileText } from "../compile-text.fixture.js";
import { generatePolicies } from "./generate-policies.js";

const timeoutMs = 30_000;

const head = `syntax = "proto3";
package test;
import "google/protobuf/duration.proto";
import "rollcall/policy/v1/method_policy.proto";
message Request {
  string id = 1;
  int32 number = 2;
  repeated string ids = 3;
  optional string maybe = 4;
  oneof choice { string chosen = 5; }
}
message Empty {}
`;

/** What the case is, the policy of an RPC, and what the generator says of it. */
const mistakes: readonly (readonly [string, string, readonly string[]])[] = [
  ["a right one", 'access: ACCESS_SELF subject_field: "id"', []],
  [
    "no access",
    "audit: true",
    ["the policy does not say who may call; write access: ACCESS_PUBLIC, ACCESS_AUTHENTICATED or ACCESS_SELF"],
  ],
  [
    "roles on a public RPC",
    'access: ACCESS_PUBLIC roles: ["admin", "reader"]',
    ['roles "admin", "reader" are on an RPC that anybody may call; remove them, or write access: ACCESS_AUTHENTICATED'],
  ],
  ["an empty role", 'access: ACCESS_AUTHENTICATED roles: ""', ['role "" is empty or given twice; remove it']],
  ["a role twice", 'access: ACCESS_AUTHENTICATED roles: ["a", "a"]', ['role "a" is empty or given twice; remove it']],
  [
    "SELF without a subject",
    "access: ACCESS_SELF",
    ["ACCESS_SELF needs a subject_field; name the field of the request that holds the user's id"],
  ],
  [
    "a subject without SELF",
    'access: ACCESS_AUTHENTICATED subject_field: "id"',
    ['subject_field "id" means nothing under ACCESS_AUTHENTICATED; remove it, or write access: ACCESS_SELF'],
  ],
  [
    "a subject that is no field",
    'access: ACCESS_SELF subject_field: "name"',
    ['subject_field "name" is not a field of test.Request; name a string field of test.Request: id'],
  ],
  [
    "a subject that is a number",
    'access: ACCESS_SELF subject_field: "number"',
    ['subject_field "number" is not a plain string field; name a string field of test.Request: id'],
  ],
  [
    "a subject that is a list",
    'access: ACCESS_SELF subject_field: "ids"',
    ['subject_field "ids" is not a plain string field; name a string field of test.Request: id'],
  ],
  [
    "a subject that may be absent",
    'access: ACCESS_SELF subject_field: "maybe"',
    ['subject_field "maybe" is not a plain string field; name a string field of test.Request: id'],
  ],
  [
    "a subject that is a choice",
    'access: ACCESS_SELF subject_field: "chosen"',
    ['subject_field "chosen" is not a plain string field; name a string field of test.Request: id'],
  ],
  [
    "a key that is a number",
    'access: ACCESS_PUBLIC idempotency_key: "number"',
    ['idempotency_key "number" is not a plain string field; name a string field of test.Request: id'],
  ],
  [
    "a default above the maximum",
    "access: ACCESS_PUBLIC default_deadline: { seconds: 5 } max_deadline: { seconds: 4 }",
    ["default_deadline of 5 s is above max_deadline of 4 s; write at most 4 s"],
  ],
  [
    "a default at the maximum",
    "access: ACCESS_PUBLIC default_deadline: { seconds: 5 } max_deadline: { seconds: 5 }",
    [],
  ],
  [
    "a maximum alone",
    "access: ACCESS_PUBLIC max_deadline: { seconds: 4 }",
    ["max_deadline binds nobody who brings no deadline; write a default_deadline beside it"],
  ],
  ["a default alone", "access: ACCESS_PUBLIC default_deadline: { seconds: 4 }", []],
  [
    "a deadline of nothing",
    "access: ACCESS_PUBLIC default_deadline: {}",
    ["default_deadline is 0 s; write whole milliseconds, above 0"],
  ],
  [
    "a negative deadline",
    "access: ACCESS_PUBLIC default_deadline: { seconds: 1 } max_deadline: { seconds: -1 }",
    ["max_deadline is -1 s; write whole milliseconds, above 0"],
  ],
  [
    "a deadline of microseconds",
    "access: ACCESS_PUBLIC default_deadline: { nanos: 1000 }",
    ["default_deadline is 0.000001 s; write whole milliseconds, above 0"],
  ],
  [
    "a rate of nothing",
    "access: ACCESS_PUBLIC rate_limit: {}",
    [
      "rate_limit.per is 0 s; write whole milliseconds, above 0",
      "rate_limit.requests is 0; write how many requests are let through, above 0",
      "rate_limit does not say whose calls count together; write key: RATE_LIMIT_KEY_SUBJECT or RATE_LIMIT_KEY_PEER",
    ],
  ],
  [
    "a cost above the rate",
    "access: ACCESS_PUBLIC rate_limit: { requests: 2 per: { seconds: 1 } key: RATE_LIMIT_KEY_PEER cost: 3 }",
    ["rate_limit.cost of 3 is above the 2 that may be spent; write at most 2"],
  ],
  [
    "a rate by user on a public RPC",
    "access: ACCESS_PUBLIC rate_limit: { requests: 2 per: { seconds: 1 } key: RATE_LIMIT_KEY_SUBJECT }",
    ["RATE_LIMIT_KEY_SUBJECT counts by user, and callers of a public RPC have none; write key: RATE_LIMIT_KEY_PEER"],
  ],
];

describe("generatePolicies", () => {
  let said: readonly string[];

  beforeAll(async () => {
    const rpcs = mistakes.map(([, policy], index) =>
      [`rpc M${index}(Request) returns (Empty) {`, `option (rollcall.policy.v1.method) = { ${policy} };`, "}"].join(
        "\n",
      ),
    );
    const { mistakes: found } = await compileText([generatePolicies], {
      "test.proto": `${head}service S {\n${rpcs.join("\n")}\n}\n`,
    });
    said = found;
  }, timeoutMs);

  test.each(mistakes.map((entry, index) => [...entry, index] as const))(
    "judges %s",
    (_case, _policy, expected, index) => {
      const lineOf = head.split("\n").length + 3 * index + 2;
      const prefix = `test.proto:${lineOf}: test.S.M${index}: `;
      expect(said.filter((line) => line.includes(`test.S.M${index}: `))).toEqual(expected.map((text) => prefix + text));
    },
  );

  const policy = "option (rollcall.policy.v1.method) = { access: ACCESS_PUBLIC };";

  test(
    "refuses an RPC without a policy where another of its package has one, also in another file",
    async () => {
      const without = 'syntax = "proto3"; package test; message E {} service T { rpc Bare(E) returns (E); }';
      const { mistakes: found, modules } = await compileText([generatePolicies], {
        "test.proto": `${head}service S { rpc Has(Empty) returns (Empty) { ${policy} } }`,
        "other.proto": without,
      });
      expect(found).toEqual([
        "other.proto:1: test.T.Bare: the RPC has no policy, and others of its package have one; write option (rollcall.policy.v1.method) = { access: ... }",
      ]);
      expect(modules).toEqual({});
    },
    timeoutMs,
  );

  test(
    "refuses SELF on an RPC with a stream of requests",
    async () => {
      const self = 'option (rollcall.policy.v1.method) = { access: ACCESS_SELF subject_field: "id" };';
      const { mistakes: found } = await compileText([generatePolicies], {
        "test.proto": `${head}service S { rpc Many(stream Request) returns (Empty) { ${self} } }`,
      });
      expect(found).toEqual([expect.stringContaining("which may be about many users; write ACCESS_AUTHENTICATED")]);
    },
    timeoutMs,
  );

  test(
    "writes nothing for a package without policies",
    async () => {
      const text = 'syntax = "proto3"; package plain; message E {} service T { rpc Bare(E) returns (E); }';
      await expect(compileText([generatePolicies], { "plain.proto": text })).resolves.toEqual({
        modules: {},
        mistakes: [],
      });
    },
    timeoutMs,
  );
});
