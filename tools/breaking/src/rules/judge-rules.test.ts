import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createTemporaryFolder } from "@rollcall/tool-command";
import type { TemporaryFolder } from "@rollcall/tool-command";
import { judgeRules } from "./judge-rules.js";
import { addOptionProtos, buildReleased, judgeChange, releaseShop, shop } from "./released-shop.fixture.js";

const timeoutMs = 30_000;

let released: TemporaryFolder;

beforeAll(async () => {
  released = await releaseShop();
}, timeoutMs);

afterAll(async () => {
  await released[Symbol.asyncDispose]();
});

/** What was changed, the change, and the lines that tell of it. */
const mutations: readonly (readonly [string, string, string, readonly string[]])[] = [
  ["nothing", "", "", []],
  ["a shorter text", "max_len: 64", "max_len: 63", ["tightened BuyRequest.buyer_id string.max_len was 64 and is 63"]],
  ["a longer text", "max_len: 64", "max_len: 65", ["loosened BuyRequest.buyer_id string.max_len was 64 and is 65"]],
  ["a longer least text", "min_len: 1", "min_len: 2", ["tightened BuyRequest.buyer_id string.min_len was 1 and is 2"]],
  ["no least length", "min_len: 1, ", "", ["loosened BuyRequest.buyer_id string.min_len is gone, it was 1"]],
  ["a format", "min_len: 1", "min_len: 1, uuid: true", ["tightened BuyRequest.buyer_id string.uuid is new: true"]],
  ["a lower bound raised", "gte: 1,", "gte: 2,", ["tightened BuyRequest.count int32.gte was 1 and is 2"]],
  ["a lower bound below 0", "gte: 1,", "gte: -10,", ["loosened BuyRequest.count int32.gte was 1 and is -10"]],
  ["an upper bound lowered", "lt: 100", "lt: 20", ["tightened BuyRequest.count int32.lt was 100 and is 20"]],
  ["fewer items", "max_items: 10", "max_items: 9", ["tightened BuyRequest.items repeated.max_items was 10 and is 9"]],
  [
    "another pattern of the items",
    '"^[a-z]+$"',
    '"^[a-z0-9]+$"',
    ["tightened BuyRequest.items repeated.items.string.pattern was ^[a-z]+$ and is ^[a-z0-9]+$"],
  ],
  ["a value fewer", '["red", "green"]', '["red"]', ["tightened BuyRequest.colour string.in no longer has green"]],
  ["a value more", '"green"]', '"green", "blue"]', ["loosened BuyRequest.colour string.in has new blue"]],
  ["a value refused", '["none"]', '["none", "no"]', ["tightened BuyRequest.note string.not_in has new no"]],
  [
    "no longer ignored",
    "ignore: IGNORE_IF_ZERO_VALUE, ",
    "",
    ["tightened BuyRequest.note ignore is gone, it was IGNORE_IF_ZERO_VALUE"],
  ],
  [
    "always ignored",
    "IGNORE_IF_ZERO_VALUE",
    "IGNORE_ALWAYS",
    ["loosened BuyRequest.note ignore was IGNORE_IF_ZERO_VALUE and is IGNORE_ALWAYS"],
  ],
  ["a shorter time", "seconds: 60}}", "seconds: 50}}", ["tightened BuyRequest.wait duration.lte was 60 s and is 50 s"]],
  [
    "a oneof not required",
    "required = true",
    "required = false",
    ["loosened BuyRequest.payment required is gone, it was true"],
  ],
  ["shorter keys", "max_len: 5}", "max_len: 4}", ["tightened BuyRequest.tags map.keys.string.max_len was 5 and is 4"]],
  [
    "a rule on a field without",
    "string name = 1;",
    "string name = 1 [(buf.validate.field).required = true];",
    ["tightened LookRequest.name required is new: true"],
  ],
  [
    "a new field that must be there",
    "string name = 1;",
    "string name = 1;\n string more = 2 [(buf.validate.field).string.email = true];",
    [
      "tightened LookRequest.more string.email refuses requests without the new field, as callers of the last release send them",
    ],
  ],
  [
    "a new field that may be absent",
    "string name = 1;",
    "string name = 1;\n string more = 2 [(buf.validate.field).string.max_len = 5];\n optional string most = 3 [(buf.validate.field).string.email = true];\n string zero = 4 [(buf.validate.field) = {ignore: IGNORE_IF_ZERO_VALUE, string: {min_len: 3}}];\n repeated string list = 5 [(buf.validate.field).repeated.items.string.min_len = 1];\n int32 number = 6 [(buf.validate.field).int32 = {gte: 0, lte: 5, in: [0, 1], not_in: 2}];",
    [],
  ],
  [
    "a new message with rules",
    "message LookResponse {}",
    "message LookResponse {}\nmessage New { string name = 1 [(buf.validate.field).required = true]; }",
    [],
  ],
  [
    "a role fewer",
    '["clerk", "owner"]',
    '["owner"]',
    ['tightened ShopService.Buy policy.access whoever has the role "clerk" may no longer call'],
  ],
  [
    "a role more",
    '"owner"]',
    '"owner", "guard"]',
    ['loosened ShopService.Buy policy.access whoever has the role "guard" may now call'],
  ],
  [
    "access for roles alone",
    'ACCESS_SELF\n      subject_field: "buyer_id"',
    "ACCESS_AUTHENTICATED",
    ["tightened ShopService.Buy policy.access the user named by buyer_id may no longer call"],
  ],
  [
    "access for all who are signed in",
    'ACCESS_SELF\n      subject_field: "buyer_id"\n      roles: ["clerk", "owner"]',
    "ACCESS_AUTHENTICATED",
    ["loosened ShopService.Buy policy.access whoever is signed in may now call"],
  ],
  [
    "a role needed where none was",
    "access: ACCESS_AUTHENTICATED",
    'access: ACCESS_AUTHENTICATED roles: "owner"',
    ["tightened ShopService.Look policy.access whoever is signed in may no longer call"],
  ],
  [
    "access for all",
    "access: ACCESS_AUTHENTICATED",
    "access: ACCESS_PUBLIC",
    ["loosened ShopService.Look policy.access anybody may now call"],
  ],
  [
    "a shorter default deadline",
    "seconds: 5 }",
    "seconds: 4 }",
    ["tightened ShopService.Buy policy.default_deadline was 5000 ms and is 4000 ms"],
  ],
  [
    "a longer maximum deadline",
    "seconds: 30 }",
    "seconds: 40 }",
    ["loosened ShopService.Buy policy.max_deadline was 30000 ms and is 40000 ms"],
  ],
  [
    "a deadline where none was",
    "access: ACCESS_AUTHENTICATED",
    "access: ACCESS_AUTHENTICATED default_deadline: { seconds: 1 }",
    ["tightened ShopService.Look policy.default_deadline was none and is 1000 ms"],
  ],
  [
    "no limit of size",
    "      max_request_bytes: 4096\n",
    "",
    ["loosened ShopService.Buy policy.max_request_bytes was 4096 bytes and is none"],
  ],
  [
    "a lower rate",
    "requests: 60",
    "requests: 30",
    ["tightened ShopService.Buy policy.rate_limit was 60 calls in 60000 ms and is 30 calls in 60000 ms"],
  ],
  [
    "a higher cost",
    "RATE_LIMIT_KEY_SUBJECT }",
    "RATE_LIMIT_KEY_SUBJECT cost: 2 }",
    ["tightened ShopService.Buy policy.rate_limit was 60 calls in 60000 ms and is 30 calls in 60000 ms"],
  ],
  ["the same rate at another cost", "requests: 60", "cost: 2, requests: 120", []],
  [
    "the same rate in smaller pieces",
    "requests: 60, per: { seconds: 60 }",
    "requests: 6, per: { seconds: 6 }",
    ["tightened ShopService.Buy policy.rate_limit was 60 calls in 60000 ms and is 6 calls in 6000 ms"],
  ],
  [
    "a higher rate",
    "per: { seconds: 60 }",
    "per: { seconds: 30 }",
    ["loosened ShopService.Buy policy.rate_limit was 60 calls in 60000 ms and is 60 calls in 30000 ms"],
  ],
  [
    "a rate by address",
    "RATE_LIMIT_KEY_SUBJECT",
    "RATE_LIMIT_KEY_PEER",
    ["tightened ShopService.Buy policy.rate_limit.key counts other calls together"],
  ],
  [
    "no audit",
    "audit: true",
    "audit: false",
    ["loosened ShopService.Buy policy.audit calls are no longer written to the audit log"],
  ],
  [
    "no idempotency key",
    '      idempotency_key: "request_id"\n',
    "",
    ["tightened ShopService.Buy policy.idempotency_key a repeat with the same request_id is no longer safe"],
  ],
  [
    "a new side effect",
    "NO_SIDE_EFFECTS",
    "IDEMPOTENT",
    ["tightened ShopService.Look idempotency_level was NO_SIDE_EFFECTS and is IDEMPOTENT"],
  ],
  [
    "a reason renamed",
    "SHOP_ERROR_SOLD_OUT",
    "SHOP_ERROR_GONE",
    ["tightened ShopError.SHOP_ERROR_SOLD_OUT error.reason was SOLD_OUT and is GONE"],
  ],
  [
    "another code",
    "STATUS_CODE_FAILED_PRECONDITION",
    "STATUS_CODE_ABORTED",
    [
      "tightened ShopError.SHOP_ERROR_SOLD_OUT error.code was STATUS_CODE_FAILED_PRECONDITION and is STATUS_CODE_ABORTED",
    ],
  ],
  [
    "a key renamed",
    '["item", "until"]',
    '["item", "day"]',
    [
      "tightened ShopError.SHOP_ERROR_SOLD_OUT error.metadata_keys no longer has until",
      "tightened ShopError.SHOP_ERROR_SOLD_OUT error.metadata_keys has new day, which servers of the last release do not send; add another reason",
    ],
  ],
  [
    "another domain",
    '{domain: "shop"}',
    '{domain: "store"}',
    ['tightened ShopError errors.domain was "shop" and is "store"'],
  ],
  ["another sentence", "{item} is sold out until", "{item} is back on", []],
];

describe("judgeRules", () => {
  test.each(mutations)(
    "judges %s",
    async (_case, from, to, expected) => {
      const { tightened, loosened, ...rest } = await judgeChange(released, { from, to });
      const lines = [...tightened, ...loosened].map(
        ({ kind, scope, rule, message }) => `${kind} ${scope} ${rule} ${message}`,
      );
      expect(lines).toEqual(expected.map((line) => line.replace(" ", " shop.v1.")));
      expect(rest).toEqual({ excepted: [], expired: [], unused: [], notCompared: [] });
    },
    timeoutMs,
  );

  test(
    "tells what the image says nothing about",
    async () => {
      await using folder = await createTemporaryFolder();
      await cp(released.path, folder.path, { recursive: true });
      const text = await readFile(join(folder.path, shop), "utf8");
      await writeFile(join(folder.path, shop), 'syntax = "proto3"; package shop.v1;');
      await rm(join(folder.path, "proto/buf"), { recursive: true });
      await rm(join(folder.path, "proto/rollcall"), { recursive: true });
      await buildReleased(folder.path);
      await addOptionProtos(folder.path);
      await writeFile(join(folder.path, shop), text);
      const notCompared = ["validation rules", "policies", "errors"];
      await expect(judgeRules({ root: folder.path, against: "released.binpb" })).resolves.toMatchObject({
        tightened: [],
        notCompared,
      });
    },
    timeoutMs,
  );
});
