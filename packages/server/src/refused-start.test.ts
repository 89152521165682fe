import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { startServerProcess } from "./server-process.fixture.js";
import { createTemporaryFolder, type TemporaryFolder } from "./temporary-folder.fixture.js";
import { serverKey } from "./test-certificates.fixture.js";

const slow = 30_000; // a process of its own takes seconds to load on a busy machine

/** What a start that is refused printed. */
async function refuse(settings: Readonly<Record<string, string>>, args?: readonly string[]) {
  await using server = startServerProcess(settings, args);
  const exitCode = await server.exitCode;
  return { exitCode, errors: server.errors, output: server.output };
}

async function occupyPort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("a TCP server has no port");
  }
  return {
    port: address.port,
    [Symbol.dispose]() {
      server.close();
    },
  };
}

type Settings = Readonly<Record<string, string>>;

describe("a start that cannot succeed says why in one sentence", () => {
  test.each<[string, (folder: TemporaryFolder) => Settings | Promise<Settings>, RegExp]>([
    [
      "an unknown setting",
      () => ({ ROLLCALL_LOG_LEVL: "info" }),
      /^rollcall-server: ROLLCALL_LOG_LEVL is not a setting; did you mean ROLLCALL_LOG_LEVEL\?\n$/,
    ],
    [
      "a data folder that cannot be written",
      async (folder) => ({ ROLLCALL_DATA_DIR: join(await folder.write("file", ""), "data") }),
      /^rollcall-server: cannot use data folder ".*file\/data": .*\(ROLLCALL_DATA_DIR\)\n$/,
    ],
    [
      "a database that nobody serves",
      () => ({ ROLLCALL_DATABASE_URL: "postgres://me:s3cret@127.0.0.1:1/db" }),
      /^rollcall-server: .*ECONNREFUSED.*; start PostgreSQL or correct ROLLCALL_DATABASE_URL\n$/,
    ],
    [
      "a certificate that is none",
      async (folder) => ({
        ROLLCALL_TLS_CERTIFICATE_FILE: await folder.write("server.crt", "nonsense"),
        ROLLCALL_TLS_KEY_FILE: await folder.write("server.key", serverKey),
      }),
      /^rollcall-server: ROLLCALL_TLS_CERTIFICATE_FILE ".*server.crt" is not a certificate in PEM form\n$/,
    ],
  ])(
    "%s",
    async (_case, settings, sentence) => {
      await using folder = await createTemporaryFolder();
      const data = { ROLLCALL_DATA_DIR: join(folder.path, "data") };
      const { exitCode, errors, output } = await refuse({ ...data, ...(await settings(folder)) });
      expect(errors).toMatch(sentence);
      expect(errors).not.toContain("s3cret");
      expect({ exitCode, output }).toEqual({ exitCode: 1, output: "" });
    },
    slow,
  );

  test(
    "a port that is taken, and the data folder is free again",
    async () => {
      await using folder = await createTemporaryFolder();
      using occupied = await occupyPort();
      const data = { ROLLCALL_DATA_DIR: folder.path };
      const address = `127.0.0.1:${occupied.port}`;
      const { exitCode, errors } = await refuse({ ...data, ROLLCALL_GRPC_ADDRESS: address });
      expect(errors).toBe(
        `rollcall-server: cannot listen on ${address}: another program uses this address; stop it or choose another address (ROLLCALL_GRPC_ADDRESS)\n`,
      );
      expect(exitCode).toBe(1);
      await using server = startServerProcess(data);
      await expect(server.address).resolves.toMatch(/^127\.0\.0\.1:\d+$/);
    },
    slow,
  );

  test(
    "a data folder that another server uses, which goes on",
    async () => {
      await using folder = await createTemporaryFolder();
      const data = { ROLLCALL_DATA_DIR: folder.path };
      await using first = startServerProcess(data);
      await first.address;
      const { exitCode, errors } = await refuse(data);
      expect(errors).toMatch(/^rollcall-server: data folder ".*" is in use by process \d+.*\(ROLLCALL_DATA_DIR\)\n$/);
      expect(exitCode).toBe(1);
      first.signal("SIGTERM");
      await expect(first.exitCode).resolves.toBe(0);
    },
    slow,
  );

  test(
    "a word that is no command",
    async () => {
      const { exitCode, errors } = await refuse({}, ["constructor"]);
      expect(errors).toBe('rollcall-server: "constructor" is not a command; rollcall-server --help lists all\n');
      expect(exitCode).toBe(1);
    },
    slow,
  );
});

describe("rollcall-server", () => {
  test.each([
    ["--version", /^\d+\.\d+\.\d+\n$/],
    ["--help", /^usage: rollcall-server/],
    ["config", /^ROLLCALL_GRPC_ADDRESS=127\.0\.0\.1:0\n(.*\n)*ROLLCALL_DATABASE_URL=postgres:\/\/me:\*\*\*@host\/db\n/],
  ])(
    "%s prints and ends, without a secret",
    async (word, text) => {
      const { exitCode, errors, output } = await refuse({ ROLLCALL_DATABASE_URL: "postgres://me:s3cret@host/db" }, [
        word,
      ]);
      expect(output).toMatch(text);
      expect(output).not.toContain("s3cret");
      expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
    },
    slow,
  );
});
