import { type ChatMessage, ChatMessageKind } from "@rollcall/contracts/user/v1/user";
import type {
  CreateUserRequest,
  ListUsersRequest,
  UpdateUserRequest,
  UserServiceDefinition,
} from "@rollcall/contracts/user/v1/user_service";
import type { FieldViolation, RequestRulesTable } from "@rollcall/interceptors/server/validate";
import { isCommonPassword } from "../common-passwords.js";

/** What the schemas of the contract cannot say of the requests to UserService. Names are without white space around them. */
export const userRequestRules = {
  createUser: { prepare: trimName, alsoWrong: commonPassword },
  createUsers: {
    prepare: (record) => {
      trimName(record);
      record.requestId = ""; // a record's own has no meaning, whatever it is
    },
    alsoWrong: commonPassword,
    fieldPrefix: (index) => `users[${index}]`,
  },
  updateUser: { prepare: trimName, alsoWrong: contradictions },
  listUsers: { alsoWrong: pageMistakes },
  chat: { alsoWrong: emptyContent },
} satisfies RequestRulesTable<UserServiceDefinition>;

function trimName(request: { name?: string | undefined }): void {
  request.name = request.name?.trim();
}

function commonPassword({ password }: CreateUserRequest): readonly FieldViolation[] {
  const description = "is one of the most used passwords; choose another";
  return isCommonPassword(password) ? [{ field: "password", description }] : [];
}

function contradictions({ setMetadata, removeMetadata }: UpdateUserRequest): readonly FieldViolation[] {
  return removeMetadata.flatMap((key, index) =>
    Object.hasOwn(setMetadata, key)
      ? [{ field: `remove_metadata[${index}]`, description: "is also in set_metadata" }]
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

/** Only a text needs content; the notices that share its message have none. */
function emptyContent({ kind, content }: ChatMessage): readonly FieldViolation[] {
  const isText = kind === ChatMessageKind.CHAT_MESSAGE_KIND_UNSPECIFIED;
  return isText && content === "" ? [{ field: "content", description: "must not be empty" }] : [];
}
