import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { create, createFileRegistry } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import { createValidator } from "@bufbuild/protovalidate";
import { repositoryRoot } from "@rollcall/tool-command";
import { buildProtos } from "../compile-text.fixture.js";
import { CreateUserRequest } from "../gen/validation/create_user.js";
import { createUserRequestSchema } from "../gen/validation/create_user.schema.js";
import { checkByHand } from "./check-by-hand.js";

/** How long one check of a valid CreateUserRequest takes, in nanoseconds. */
export interface ValidationTimes {
  /** Parsing it with the generated schema. */
  readonly schemaNs: number;
  /** `@bufbuild/protovalidate` on the same message. */
  readonly protovalidateNs: number;
  /** The same checks written by hand, without saying what is wrong. */
  readonly byHandNs: number;
}

const init = {
  name: "Ada Lovelace",
  email: "ada@example.com",
  password: "correct horse",
  phone: "+41446681800",
  roles: ["admin", "reader"],
  metadata: { colour: "green", team: "engine" },
  requestId: "0190c2f0-0000-7000-8000-000000000000",
};

/**
 * Measures how long it takes to check one message in three ways.
 *
 * @param rounds - How often each is measured; the best counts.
 */
export async function measureValidation(rounds = 5): Promise<ValidationTimes> {
  const type = await loadType();
  const validator = createValidator();
  const message = create(type, init);
  const request = CreateUserRequest.fromPartial(init);
  return {
    schemaNs: best(rounds, () => createUserRequestSchema.safeParse(request).success),
    protovalidateNs: best(rounds, () => validator.validate(type, message).kind === "valid"),
    byHandNs: best(rounds, () => checkByHand(request)),
  };
}

async function loadType(): Promise<DescMessage> {
  const proto = "validation/create_user.proto";
  const text = await readFile(join(repositoryRoot, "tools/protoc-gen-rollcall/testdata", proto), "utf8");
  const type = createFileRegistry(await buildProtos({ [proto]: text })).getMessage("validation.CreateUserRequest");
  if (type === undefined) {
    throw new Error("the testdata has no CreateUserRequest");
  }
  return type;
}

const callsPerRound = 50_000;

function best(rounds: number, check: () => boolean): number {
  let bestNs = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    bestNs = Math.min(bestNs, measureOnce(check));
  }
  return bestNs;
}

function measureOnce(check: () => boolean): number {
  const start = process.hrtime.bigint();
  for (let call = 0; call < callsPerRound; call += 1) {
    if (!check()) {
      throw new Error("the message that is measured is not valid");
    }
  }
  return Number(process.hrtime.bigint() - start) / callsPerRound;
}
