import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

const program = fileURLToPath(new URL("./fail-uncaught.fixture.ts", import.meta.url));

test.each([["throw"], ["reject"]])(
  "a failure that nobody catches (%s) is logged, and ends the process with 1",
  async (way) => {
    const args = ["--conditions=@rollcall/source", "--import", "tsx", program, way];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], timeout: 20_000 });
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    expect(JSON.parse(output)).toMatchObject({
      level: "fatal",
      error: { message: "defect", cause: { message: "root" } },
    });
    expect({ errors, exitCode: child.exitCode }).toEqual({ errors: "", exitCode: 1 });
  },
  30_000,
);
