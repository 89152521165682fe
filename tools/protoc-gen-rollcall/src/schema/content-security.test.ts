import { expect, test } from "@jest/globals";
import { runCommand } from "@rollcall/tool-command";

const timeoutMs = 30_000;

const script = `
  const { createUserRequestSchema: schema } = await import("./tools/protoc-gen-rollcall/src/gen/validation/create_user.schema.ts");
  let forbidden = false;
  try { new Function(""); } catch { forbidden = true; }
  const user = { name: "Ada", email: "ada@example.com", password: "", roles: [], metadata: {}, requestId: "" };
  const bad = schema.safeParse({ ...user, roles: [""] });
  console.log(JSON.stringify({ forbidden, valid: schema.safeParse(user).success, issues: bad.error.issues.length }));
`;

test(
  "generated schemas work where code must not be made of strings",
  async () => {
    const flags = ["--disallow-code-generation-from-strings", "--conditions=@rollcall/source", "--import", "tsx"];
    const { output } = await runCommand(process.execPath, [...flags, "--input-type=module", "--eval", script]);
    expect(output).toBe(`${JSON.stringify({ forbidden: true, valid: true, issues: 1 })}\n`);
  },
  timeoutMs,
);
