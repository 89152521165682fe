import { beforeAll, describe, expect, test } from "@jest/globals";
import { createFileRegistry } from "@bufbuild/protobuf";
import { buildProtos } from "../compile-text.fixture.js";
import { generateReference } from "./generate-reference.js";
import type { Page } from "./markdown.js";

const timeoutMs = 30_000;

const proto = `syntax = "proto3";
package shop.v1;
import "buf/validate/validate.proto";
import "google/protobuf/duration.proto";
import "rollcall/policy/v1/error_policy.proto";
import "rollcall/policy/v1/method_policy.proto";

// Sells things.
//
// All of them.
service OpenShopService {
  // Buys one thing. Pays too.
  //
  // ABORTED \`SOLD_OUT\`: somebody was faster. \`OTHER\` is no reason.
  rpc BuyThing(BuyThingRequest) returns (Thing) {
    option (rollcall.policy.v1.method) = {
      access: ACCESS_SELF
      subject_field: "buyer_id"
      roles: ["clerk", "owner", "guard"]
      default_deadline: { seconds: 90 }
      max_deadline: { seconds: 120 }
      max_request_bytes: 2048
      rate_limit: { requests: 60, per: { seconds: 60 }, key: RATE_LIMIT_KEY_PEER, cost: 2 }
      audit: true
      idempotency_key: "buyer_id"
    };
  }
  // Looks on.
  rpc Watch(stream BuyThingRequest) returns (stream Thing) {
    option idempotency_level = NO_SIDE_EFFECTS;
    option (rollcall.policy.v1.method) = { access: ACCESS_PUBLIC max_request_bytes: 1000 };
  }
}

// A thing | a bar.
message Thing {
  // Its parts.
  map<string, Part> parts = 1 [(buf.validate.field).map = {min_pairs: 1, keys: {string: {min_len: 1, max_len: 5}}, values: {required: true}}];
  // A part.
  message Part {}
}

// Asks for a thing.
message BuyThingRequest {
  // Who
  // asks.
  string buyer_id = 1 [debug_redact = true, (buf.validate.field) = {required: true, string: {min_len: 1, max_len: 64, pattern: "^[a|b]+$"}}];
  // How many.
  optional int32 count = 2 [(buf.validate.field).int32 = {gte: 1, lt: 10}];
  // Which.
  repeated Size sizes = 3 [(buf.validate.field).repeated = {max_items: 3, unique: true, items: {enum: {not_in: [0], defined_only: true}}}];
  // How.
  oneof way {
    option (buf.validate.oneof).required = true;
    // By mail.
    string mail = 4 [(buf.validate.field).string.email = true];
    // By hand.
    Size hand = 5 [(buf.validate.field).enum.in = 1];
  }
  // Until when.
  google.protobuf.Duration wait = 6 [(buf.validate.field) = {ignore: IGNORE_IF_ZERO_VALUE, duration: {lte: {seconds: 60}}}];
}

// How large.
enum Size {
  // Not a size.
  SIZE_UNSPECIFIED = 0;
  // Small.
  SIZE_SMALL = 1;
}

// Why not.
enum ShopReason {
  option (rollcall.policy.v1.errors) = { domain: "shop" };
  // Not a reason.
  SHOP_REASON_UNSPECIFIED = 0;
  // ABORTED: somebody was faster.
  SHOP_REASON_SOLD_OUT = 1 [(rollcall.policy.v1.error) = { code: STATUS_CODE_ABORTED metadata_keys: "item" message: "{item}" }];
}
`;

describe("generateReference", () => {
  let pages: readonly Page[];

  beforeAll(async () => {
    const registry = createFileRegistry(await buildProtos({ "shop.proto": proto }));
    pages = generateReference(
      [...registry.files].filter(({ name }) => name === "shop"),
      registry,
    );
  }, timeoutMs);

  const textOf = (name: string) => pages.find((page) => page.name === name)?.text ?? "";

  test("writes a page that leads to all others, one for each service, messages, and errors", () => {
    expect(pages.map(({ name }) => name)).toEqual(["README.md", "open-shop-service.md", "messages.md", "errors.md"]);
    expect(textOf("README.md")).toContain("| [BuyThing](open-shop-service.md#buything) | Buys one thing. |");
  });

  test("has no link that leads nowhere", () => {
    const links = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/\]\(([^)]*)\)/g)].map(([, target = ""]) => (target.startsWith("#") ? name + target : target)),
    );
    const anchors = pages.flatMap(({ name, text }) => [
      name,
      ...[...text.matchAll(/^#+ ([A-Za-z.]+)$/gm)].map(
        ([, heading = ""]) => `${name}#${heading.toLowerCase().replace(".", "")}`,
      ),
      ...[...text.matchAll(/<a id="(.*?)">/g)].map(([, id = ""]) => `${name}#${id}`),
    ]);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
  });

  test("tells of an RPC what it does, takes and answers, and what its policy says", () => {
    expect(textOf("open-shop-service.md")).toContain(
      [
        "## BuyThing",
        "",
        "Buys one thing. Pays too.",
        "",
        "ABORTED [`SOLD_OUT`](errors.md#sold_out): somebody was faster. `OTHER` is no reason.",
        "",
        "- Request: [BuyThingRequest](messages.md#buythingrequest)",
        "- Response: [Thing](messages.md#thing)",
        "- Who may call: the user named by `buyer_id`, and whoever has the role `clerk`, `owner` or `guard`",
        "- A repeat: safe with the same `buyer_id`",
        "- Deadline: 90 seconds, or what the caller says, 2 minutes at most",
        "- Largest request: 2 KiB",
        "- Rate limit: 30 calls in a minute for each address",
        "- Audit: calls are written to the audit log",
      ].join("\n"),
    );
    expect(textOf("open-shop-service.md")).toContain(
      [
        "- Request: stream of [BuyThingRequest](messages.md#buythingrequest)",
        "- Response: stream of [Thing](messages.md#thing)",
        "- Who may call: anybody",
        "- A repeat: safe, there are no side effects",
        "- Deadline: none, a call may stay open",
        "- Largest message: 1000 bytes",
      ].join("\n"),
    );
  });

  test.each([
    [
      "a text",
      "| `buyer_id` | string | Who asks. | 1 to 64 characters; required; matches `^[a\\|b]+$`; never logged |",
    ],
    ["a number", "| `count` | optional int32 | How many. | below `10`; at least `1` |"],
    [
      "a list",
      "| `sizes` | list of [Size](messages.md#size) | Which. | at most 3 items; no item twice; each item: a value that the enum has, not `SIZE_UNSPECIFIED` |",
    ],
    ["a oneof", "| `mail` | string | By mail. | an e-mail address; exactly one of `mail`, `hand` |"],
    [
      "an enum",
      "| `hand` | [Size](messages.md#size) | By hand. | one of `SIZE_SMALL`; exactly one of `mail`, `hand` |",
    ],
    ["a span of time", "| `wait` | Duration | Until when. | may be left empty; at most `60 s` |"],
    [
      "a map",
      "| `parts` | map from string to [Thing.Part](messages.md#thingpart) | Its parts. | at least 1 entry; each key: 1 to 5 characters; each value: required |",
    ],
  ])("tells the rules of %s", (_case, row) => {
    expect(textOf("messages.md").split("\n")).toContain(row);
  });

  test("tells of messages and enums in the order of their names, without the reasons of errors", () => {
    const headings = [...textOf("messages.md").matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(["BuyThingRequest", "Size", "Thing", "Thing.Part"]);
    expect(textOf("messages.md")).toContain("| `SIZE_SMALL` | 1 | Small. |");
    expect(textOf("messages.md")).toContain("It has no fields.");
  });

  test("tells of errors their code and metadata", () => {
    expect(textOf("errors.md")).toContain(
      '| <a id="sold_out"></a>`SOLD_OUT` | ABORTED | `item` | Somebody was faster. |',
    );
  });
});
