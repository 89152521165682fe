import type { CreateUserRequest, ListUsersRequest, UpdateUserRequest } from "@rollcall/contracts/user/v1/user_service";
import {
  createUserRequestSchema,
  listUsersRequestSchema,
  updateUserRequestSchema,
} from "@rollcall/contracts/user/v1/user_service.schema";
import { isCommonPassword } from "../common-passwords.js";
import type { FieldViolation } from "./field-violations.js";
import { parseRequest } from "./parse-request.js";

/**
 * A request to create a user, without white space around the name.
 *
 * @param prefix - Its path where it is one of many, such as `users[17]`.
 */
export function parseCreateUser(request: CreateUserRequest, prefix?: string): CreateUserRequest {
  const trimmed = { ...request, name: request.name.trim() };
  return parseRequest(createUserRequestSchema, trimmed, { prefix, alsoWrong: commonPassword });
}

/** A request to change a user, without white space around the name. */
export function parseUpdateUser(request: UpdateUserRequest): UpdateUserRequest {
  const trimmed = { ...request, name: request.name?.trim() };
  return parseRequest(updateUserRequestSchema, trimmed, { alsoWrong: contradictions });
}

/** A request to list users. */
export function parseListUsers(request: ListUsersRequest): ListUsersRequest {
  return parseRequest(listUsersRequestSchema, request, { alsoWrong: pageMistakes });
}

function commonPassword({ password }: CreateUserRequest): readonly FieldViolation[] {
  const description = "is one of the most used passwords; choose another";
  return isCommonPassword(password) ? [{ field: "password", description }] : [];
}

function contradictions({ setMetadata, removeMetadata }: UpdateUserRequest): readonly FieldViolation[] {
  return removeMetadata.flatMap((key, index) =>
    Object.hasOwn(setMetadata, key)
      ? [{ field: `remove_metadata[${String(index)}]`, description: "is also in set_metadata" }]
      : [],
  );
}

function pageMistakes({ page, pageSize, afterId }: ListUsersRequest): readonly FieldViolation[] {
  const mistakes = [
    { applies: page > 1 && pageSize === 0, description: "above 1 needs a page_size" },
    { applies: page !== 0 && afterId !== "", description: "must not come together with after_id" },
  ];
  return mistakes.flatMap(({ applies, description }) => (applies ? [{ field: "page", description }] : []));
}
