import { rename, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { type Client, createClient, Status, StatusError } from "@rollcall/rpc";
import { createChannel, type TlsOptions } from "@rollcall/rpc/grpc";
import { createTestCertificates, type TestCertificates } from "@rollcall/testing";
import { parseConfig } from "./config.js";
import { createLogger } from "./logger.js";
import { startServer, type RunningServer } from "./start-server.js";
import { eventually } from "./storage/eventually.fixture.js";
import { createTemporaryFolder, type TemporaryFolder } from "./temporary-folder.fixture.js";

describe("a server whose certificate is replaced", () => {
  let folder: TemporaryFolder;
  let first: TestCertificates;
  let second: TestCertificates;
  let certificateFile: string;
  let keyFile: string;
  let server: RunningServer;
  let log: string;

  beforeEach(async () => {
    folder = await createTemporaryFolder();
    [first, second] = await Promise.all([createTestCertificates(), createTestCertificates()]);
    certificateFile = await folder.write("server.crt", first.server.certificate);
    keyFile = await folder.write("server.key", first.server.key);
    log = "";
    const config = parseConfig({
      ROLLCALL_AUTH: "off",
      ROLLCALL_GRPC_ADDRESS: "127.0.0.1:0",
      ROLLCALL_DATA_DIR: folder.path,
      ROLLCALL_TLS_CERTIFICATE_FILE: certificateFile,
      ROLLCALL_TLS_KEY_FILE: keyFile,
    });
    const destination = { write: (line: string) => (log += line) };
    server = await startServer({ config, logger: createLogger({ level: "info", readable: false, destination }) });
  });

  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  /** How a call ends. */
  const endOf = async (client: Client<UserServiceDefinition>) => {
    try {
      await client.batchGetUsers({ ids: [] });
      return Status.OK;
    } catch (error) {
      return error instanceof StatusError ? error.code : undefined;
    }
  };

  /** How a call on a connection of its own ends. */
  const call = async (tls: TlsOptions) => {
    await using channel = createChannel({ address: server.address, tls });
    return await endOf(createClient(UserServiceDefinition, channel));
  };

  /** Both at once, as whoever renews certificates does. */
  const replace = async (certificate: string, key: string) => {
    await writeFile(`${keyFile}.new`, key);
    await writeFile(`${certificateFile}.new`, certificate);
    await rename(`${keyFile}.new`, keyFile);
    await rename(`${certificateFile}.new`, certificateFile);
  };

  test("shows the new one to new connections, and breaks no call of old ones", async () => {
    await using channel = createChannel({ address: server.address, tls: { ca: first.ca } });
    const client = createClient(UserServiceDefinition, channel);
    const statuses = new Set<Status | undefined>();
    const keepCalling = async (signal: AbortSignal) => {
      while (!signal.aborted) {
        statuses.add(await endOf(client));
      }
    };
    const stop = new AbortController();
    const calling = keepCalling(stop.signal);
    await replace(second.server.certificate, second.server.key);
    await eventually(async () => {
      expect(await call({ ca: second.ca })).not.toBe(Status.UNAVAILABLE);
    });
    expect(await call({ ca: first.ca })).toBe(Status.UNAVAILABLE);
    stop.abort();
    await calling;
    expect(statuses).not.toContain(Status.UNAVAILABLE);
  });

  test.each([
    ["is none", "nonsense", undefined],
    ["does not fit its key", undefined, "other"],
  ])("keeps the old one where the new one %s, and the log says why", async (_case, certificate, key) => {
    await replace(certificate ?? first.server.certificate, key === undefined ? first.server.key : second.server.key);
    await eventually(() => {
      expect(log).toContain("the certificate stays as it was");
      return Promise.resolve();
    });
    expect(await call({ ca: first.ca })).not.toBe(Status.UNAVAILABLE);
    expect(log).not.toContain("PRIVATE KEY");
  });
});
