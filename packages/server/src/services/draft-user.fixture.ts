import type { CreateUserRequest } from "@rollcall/contracts/user/v1/user_service";
import type { MessageInit } from "@rollcall/rpc";

let count = 0;

/** An e-mail that no other test uses. */
export function freshEmail(): string {
  count += 1;
  return `ada.${String(count).padStart(7, "0")}@example.com`;
}

/** A request to create somebody whose e-mail nobody has. */
export function draftUser(changes: MessageInit<CreateUserRequest> = {}): MessageInit<CreateUserRequest> {
  return { name: "Ada Lovelace", email: freshEmail(), ...changes };
}

/** Requests to create so many users. */
export function draftUsers(
  number: number,
  changes: MessageInit<CreateUserRequest> = {},
): readonly MessageInit<CreateUserRequest>[] {
  return Array.from({ length: number }, () => draftUser(changes));
}

/** All messages of a stream. */
export async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const message of messages) {
    collected.push(message);
  }
  return collected;
}
