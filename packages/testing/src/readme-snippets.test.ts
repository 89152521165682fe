import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, jest, test } from "@jest/globals";
import { readmeSnippets, runSnippet } from "./readme-snippets.js";

const here = fileURLToPath(new URL(".", import.meta.url));

describe("readmeSnippets", () => {
  test("finds the blocks of TypeScript, and no others", async () => {
    const folder = await mkdtemp(join(tmpdir(), "rollcall-readme-"));
    try {
      const file = join(folder, "README.md");
      await writeFile(
        file,
        "# Title\n\n```ts\nfirst();\n```\n\n```sh\nnpm ci\n```\n\n```ts\nsecond();\nthird();\n```\n",
      );
      await expect(readmeSnippets(file)).resolves.toEqual(["first();\n", "second();\nthird();\n"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("runSnippet", () => {
  test("fails as the snippet does", async () => {
    await expect(runSnippet('throw new Error("out of date");', here)).rejects.toThrow("out of date");
  });

  test.each(["testing", "rpc"])("runs what the README of %s shows, and it prints what is said there", async (name) => {
    using output = jest.spyOn(console, "log").mockReturnValue(undefined);
    const snippets = await readmeSnippets(new URL(`../../${name}/README.md`, import.meta.url));
    expect(snippets.length).toBeGreaterThan(0);
    for (const snippet of snippets) {
      await runSnippet(snippet, here);
    }
    const said = snippets.flatMap((snippet) =>
      [...snippet.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]),
    );
    expect(output.mock.calls.map(([text]) => String(text))).toEqual(said);
  });
});
