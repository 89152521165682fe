import { appendFile, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { createTemporaryFolder, repositoryRoot } from "@rollcall/tool-command";
import { checkGenerated } from "./check-generated.js";
import { compileProtos } from "./compile-protos.js";
import type { GeneratedFiles } from "./generated-files.js";
import { updateGenerated } from "./update-generated.js";

const timeoutMs = 60_000;
const users = "packages/contracts/src/gen/user/v1/user.ts";
const descriptors = "packages/contracts/src/gen/descriptor-set.ts";
const schemas = "packages/contracts/src/gen/user/v1/user.schema.ts";
const stale = "packages/contracts/src/gen/user/v1/gone.ts";

describe("checkGenerated", () => {
  let generated: GeneratedFiles;

  beforeAll(async () => {
    generated = await compileProtos(repositoryRoot);
  }, timeoutMs);

  /** A small repository whose generated code is up to date. */
  async function createCheckout() {
    const folder = await createTemporaryFolder();
    for (const name of ["proto", "buf.yaml", "buf.gen.yaml"]) {
      await cp(join(repositoryRoot, name), join(folder.path, name), { recursive: true });
    }
    for (const [path, content] of generated) {
      await mkdir(dirname(join(folder.path, path)), { recursive: true });
      await writeFile(join(folder.path, path), content);
    }
    return folder;
  }

  test(
    "finds nothing where generated code is what the protos compile to",
    async () => {
      await using checkout = await createCheckout();
      await expect(checkGenerated(checkout.path)).resolves.toEqual([]);
    },
    timeoutMs,
  );

  test(
    "names each file that was edited, is missing or is stale, and updateGenerated repairs them",
    async () => {
      await using checkout = await createCheckout();
      await appendFile(join(checkout.path, users), "// edited by hand\n");
      await rm(join(checkout.path, descriptors));
      await writeFile(join(checkout.path, stale), "");
      const differences = [
        { kind: "missing", path: descriptors },
        { kind: "stale", path: stale },
        { kind: "edited", path: users },
      ];
      await expect(checkGenerated(checkout.path)).resolves.toEqual(differences);
      await expect(updateGenerated(checkout.path)).resolves.toEqual(differences);
      await expect(checkGenerated(checkout.path)).resolves.toEqual([]);
    },
    timeoutMs,
  );

  test(
    "finds the reference, the descriptor set, the schemas and the messages changed when a proto changed",
    async () => {
      await using checkout = await createCheckout();
      const addition = "\n// A new message.\nmessage Addition {\n  // Its only field.\n  string id = 1;\n}\n";
      await appendFile(join(checkout.path, "proto/user/v1/user.proto"), addition);
      await expect(checkGenerated(checkout.path)).resolves.toEqual([
        { kind: "edited", path: "docs/reference/messages.md" },
        { kind: "edited", path: descriptors },
        { kind: "edited", path: schemas },
        { kind: "edited", path: users },
      ]);
    },
    timeoutMs,
  );

  test(
    "throws what Buf says of a proto that does not compile",
    async () => {
      await using checkout = await createCheckout();
      await appendFile(join(checkout.path, "proto/user/v1/user.proto"), "message {");
      await expect(checkGenerated(checkout.path)).rejects.toThrow("proto/user/v1/user.proto:");
    },
    timeoutMs,
  );
});
