import { User, UserStatus } from "@rollcall/contracts/user/v1/user";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";

const count = 1_000;

/** The one method that is measured, by itself: its servers need no handlers for the others. */
export const getUserService = {
  ...UserServiceDefinition,
  methods: { getUser: UserServiceDefinition.methods.getUser },
} as const;

/** The users that every server answers from, by id: each of 172 bytes as it is encoded. */
export const users: ReadonlyMap<string, User> = new Map(
  Array.from({ length: count }, (_, number) => {
    const user = exampleUser(number);
    return [user.id, user];
  }),
);

/** The user that the load asks for. */
export const askedUser = exampleUser(count / 2);

function exampleUser(number: number): User {
  const serial = String(number).padStart(4, "0");
  const changed = new Date("2026-01-15T09:30:00.125Z");
  return User.fromPartial({
    id: `0190c2f0-0000-7000-8000-00000000${serial}`,
    name: `Person Number ${serial}`,
    email: `person.number.${serial}@example.com`,
    status: UserStatus.USER_STATUS_ACTIVE,
    createdAt: changed,
    roles: ["reader"],
    metadata: { team: `engineering-${serial}` },
    phone: "+41446681800",
    updatedAt: changed,
    etag: '"12"',
  });
}
