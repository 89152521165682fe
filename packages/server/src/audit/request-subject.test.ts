import { describe, expect, test } from "@jest/globals";
import type { MethodPolicy } from "@rollcall/rpc";
import { requestSubject } from "./request-subject.js";

const forAdmins: MethodPolicy = { access: { kind: "authenticated", roles: ["admin"] }, audit: true };
const forOneself: MethodPolicy = { access: { kind: "self", subjectField: "userId", roles: [] }, audit: true };
const uuid = "0195c2d0-1111-7000-8000-000000000001";

describe("requestSubject", () => {
  test.each<[string, MethodPolicy, unknown, string]>([
    ["the field that the policy names", forOneself, { id: "other", userId: uuid }, uuid],
    ["the field id otherwise", forAdmins, { id: uuid }, uuid],
    ["nothing where there is no such field", forAdmins, { name: "Ann" }, ""],
    ["nothing where the policy's field is missing", forOneself, { id: uuid }, ""],
    ["nothing in a stream of requests", forAdmins, undefined, ""],
    ["nothing where the id is empty", forAdmins, { id: "" }, ""],
    ["nothing where the id is no text", forAdmins, { id: 7 }, ""],
    ["nothing that is too long", forAdmins, { id: "x".repeat(65) }, ""],
    ["nothing that the database cannot keep", forAdmins, { id: "a\0b" }, ""],
    ["nothing that could pass for two lines", forAdmins, { id: "a\nb" }, ""],
  ])("finds %s", (_what, policy, request, subject) => {
    expect(requestSubject({ request }, policy)).toBe(subject);
  });
});
