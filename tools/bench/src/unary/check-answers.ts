import { isDeepStrictEqual } from "node:util";
import { GetUserRequest, GetUserResponse } from "@rollcall/contracts/user/v1/user_service";
import { frameOf } from "../frame.js";
import { askedUser } from "../servers/example-users.js";
import type { LoadTarget } from "../load/load.js";
import { rawCall } from "./raw-call.js";
import type { UnaryVariant } from "./unary-variant.js";

/** How a GetUser of this id is framed. */
export function getUserFrame(id: string): Buffer {
  return frameOf(GetUserRequest.encode({ id }).finish());
}

/**
 * Makes sure that a server gives the answer that all have to give, and refuses what it has to refuse: a fast wrong answer is
 * a failure.
 *
 * @returns the length of the answer's body, in bytes.
 */
export async function checkAnswers({ name, refuses }: UnaryVariant, target: LoadTarget): Promise<number> {
  const { port, path, metadata } = target;
  const { status, body } = await rawCall(port, path, metadata, target.body);
  if (status !== "OK" || !isDeepStrictEqual(GetUserResponse.decode(body.subarray(5)).user, askedUser)) {
    throw new Error(`${name} answered with status ${String(status)} and ${body.toString("hex")}`);
  }
  const withoutToken = Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== "authorization"));
  const cases = [
    ["an unknown user", refuses.unknownUser, metadata, "0190c2f0-0000-7000-8000-999999999999"],
    ["a call without a token", refuses.withoutToken, withoutToken, askedUser.id],
    ["an empty id", refuses.emptyId, metadata, ""],
  ] as const;
  for (const [what, expected, sent, id] of cases) {
    const refused = expected === undefined ? undefined : await rawCall(port, path, sent, getUserFrame(id));
    if (refused !== undefined && refused.status !== expected) {
      throw new Error(`${name} answered ${what} with status ${String(refused.status)} in place of ${String(expected)}`);
    }
  }
  return body.byteLength;
}
