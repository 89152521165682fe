import { describe, expect, test } from "@jest/globals";
import { User, UserStatus } from "@rollcall/contracts/user/v1/user";
import { toUserMessage } from "./user-message.js";

describe("toUserMessage", () => {
  const stored = {
    id: "01890000-0000-7000-8000-000000000000",
    name: "Ada Lovelace",
    email: "ada@example.com",
    status: 2,
    roles: ["reader"],
    metadata: { team: "core" },
    phone: undefined,
    createdAt: new Date(1_700_000_000_001),
    updatedAt: new Date(1_700_000_000_002),
  };

  test("tells everything that is stored of a user, with an etag for the version", () => {
    const message = toUserMessage({ ...stored, authVersion: 1, version: 3 });

    expect(message).toEqual({ ...stored, status: UserStatus.USER_STATUS_INACTIVE, etag: '"3"' });
    expect(User.decode(User.encode(message).finish())).toEqual(message);
  });

  test("tells a status that only a later release knows as none", () => {
    expect(toUserMessage({ ...stored, authVersion: 1, version: 1, status: 99 }).status).toBe(
      UserStatus.USER_STATUS_UNSPECIFIED,
    );
  });
});
