import { describe, expect, test } from "@jest/globals";
import { byPath } from "@rollcall/rpc";
import { createUserRequestSchema } from "../gen/validation/create_user.schema.js";
import { SignUpServiceDefinition } from "../gen/validation/sign_up_service.js";
import { confirmationSchema, signUpServiceRequestSchemas } from "../gen/validation/sign_up_service.schema.js";

describe("the generated table of request schemas", () => {
  test("has the schema of each method's requests, and none for messages without rules that come from elsewhere", () => {
    expect(signUpServiceRequestSchemas).toEqual({ signUp: createUserRequestSchema, confirm: confirmationSchema });
  });

  test("is found by the path of the method", () => {
    const schemas = byPath(SignUpServiceDefinition, signUpServiceRequestSchemas);
    expect([...schemas]).toEqual([
      ["/validation.SignUpService/SignUp", createUserRequestSchema],
      ["/validation.SignUpService/Confirm", confirmationSchema],
    ]);
  });
});
