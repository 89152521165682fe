import type {
  AuthServiceDefinition,
  ChangePasswordRequest,
  RegisterRequest,
} from "@rollcall/contracts/user/v1/auth_service";
import type { FieldViolation, RequestRulesTable } from "@rollcall/interceptors/server/validate";
import { isCommonPassword } from "../common-passwords.js";

/** What the schemas of the contract cannot say of the requests to AuthService. Names are without white space around them. */
export const authRequestRules = {
  register: { prepare: trimName, alsoWrong: ({ password }: RegisterRequest) => commonPassword("password", password) },
  changePassword: {
    alsoWrong: ({ newPassword }: ChangePasswordRequest) => commonPassword("new_password", newPassword),
  },
} satisfies RequestRulesTable<AuthServiceDefinition>;

function trimName(request: RegisterRequest): void {
  request.name = request.name.trim();
}

function commonPassword(field: string, password: string): readonly FieldViolation[] {
  const description = "is one of the most used passwords; choose another";
  return isCommonPassword(password) ? [{ field, description }] : [];
}
