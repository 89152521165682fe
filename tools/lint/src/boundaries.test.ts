import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { repositoryRoot } from "@rollcall/tool-command";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";

const timeoutMs = 60_000;
const layers = "@nx/enforce-module-boundaries";
const restricted = "@typescript-eslint/no-restricted-imports";

describe("lint", () => {
  // The files exist for these tests alone, so there are no types to look at; imports are judged without.
  const eslint = new ESLint({ cwd: repositoryRoot, overrideConfig: tseslint.configs.disableTypeChecked });

  /** The rules that a file breaks when this import is all it holds. */
  async function lintImport(file: string, imported: string): Promise<readonly string[]> {
    const code = `import * as imported from "${imported}";\nexport { imported };\n`;
    const [result] = await eslint.lintText(code, { filePath: join(repositoryRoot, "packages", file) });
    const rules = result?.messages.map(({ ruleId, message }) => ruleId ?? message) ?? [];
    return [...new Set(rules)].sort();
  }

  test.each([
    ["the server", "server/src/example.ts", "the client", "@rollcall/client", layers],
    ["the client", "client/src/example.ts", "the server", "@rollcall/server", layers],
    ["the contracts", "contracts/src/example.ts", "the server", "@rollcall/server", layers],
    ["the call layer", "rpc/src/example.ts", "the contracts", "@rollcall/contracts/user/v1/user", layers],
    ["the server", "server/src/example.ts", "the testing kit", "@rollcall/testing", layers],
    ["the call layer's core", "rpc/src/example.ts", "grpc-js", "@grpc/grpc-js", restricted],
    ["the call layer's core", "rpc/src/example.ts", "Node", "node:http2", restricted],
    ["the call layer's core", "rpc/src/example.ts", "its own binding", "./grpc/index.js", restricted],
    ["client interceptors", "interceptors/src/client/retry/example.ts", "Node", "node:timers", restricted],
    ["the server", "server/src/example.ts", "another package's sources", "@rollcall/rpc/src/status.js", restricted],
    ["the server", "server/src/example.ts", "another package's path", "../../rpc/src/status.js", layers],
  ])(
    "forbids %s (%s) to import %s",
    async (_importer, file, _imported, path, rule) => {
      await expect(lintImport(file, path)).resolves.toContain(rule);
    },
    timeoutMs,
  );

  test.each([
    ["the server", "server/src/example.ts", "the contracts", "@rollcall/contracts/user/v1/user"],
    ["the client", "client/src/example.ts", "the call layer", "@rollcall/rpc"],
    ["a test of the server", "server/src/example.test.ts", "the testing kit", "@rollcall/testing"],
    ["the call layer's binding", "rpc/src/grpc/example.ts", "grpc-js", "@grpc/grpc-js"],
    ["the call layer's binding", "rpc/src/grpc/example.ts", "Node", "node:http2"],
    ["the call layer's core", "rpc/src/example.ts", "itself", "./status.js"],
    ["server interceptors", "interceptors/src/server/recovery/example.ts", "Node", "node:timers"],
    ["the server", "server/src/example.ts", "what another package exports", "@rollcall/rpc/grpc"],
  ])(
    "lets %s (%s) import %s",
    async (_importer, file, _imported, path) => {
      await expect(lintImport(file, path)).resolves.toEqual([]);
    },
    timeoutMs,
  );
});
