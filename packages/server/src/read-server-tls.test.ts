import { describe, expect, test } from "@jest/globals";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { createClient, Status } from "@rollcall/rpc";
import { createChannel, type TlsOptions } from "@rollcall/rpc/grpc";
import { parseConfig } from "./config.js";
import { readServerTls } from "./read-server-tls.js";
import { startWholeServer } from "./start-whole-server.fixture.js";
import { createTemporaryFolder } from "./temporary-folder.fixture.js";
import {
  certificateAuthority,
  clientCertificate,
  clientKey,
  serverCertificate,
  serverKey,
} from "./test-certificates.fixture.js";

/** The settings for these three files, written where the server reads them. */
async function writeFiles(files: { readonly certificate?: string; readonly key?: string; readonly clientCa?: string }) {
  const folder = await createTemporaryFolder();
  const { certificate = serverCertificate, key = serverKey, clientCa } = files;
  const settings = {
    ROLLCALL_TLS_CERTIFICATE_FILE: await folder.write("server.crt", certificate),
    ROLLCALL_TLS_KEY_FILE: await folder.write("server.key", key),
    ...(clientCa === undefined ? {} : { ROLLCALL_TLS_CLIENT_CA_FILE: await folder.write("ca.crt", clientCa) }),
  };
  return { settings, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** How a call ends that is made with these options. */
async function call(address: string, tls: TlsOptions | false): Promise<Status> {
  const channel = createChannel({ address, tls });
  try {
    await createClient(UserServiceDefinition, channel).batchGetUsers({ ids: [] });
    return Status.OK;
  } catch (error) {
    return (error as { code: Status }).code; // a client fails with StatusErrors only
  } finally {
    channel.close();
  }
}

describe("a server with a certificate", () => {
  test("serves those who trust its authority, and nobody in the clear", async () => {
    await using files = await writeFiles({});
    await using server = await startWholeServer(files.settings);
    await expect(call(server.address, { ca: certificateAuthority })).resolves.not.toBe(Status.UNAVAILABLE);
    await expect(call(server.address, {})).resolves.toBe(Status.UNAVAILABLE);
    await expect(call(server.address, false)).resolves.toBe(Status.UNAVAILABLE);
  });

  test("serves only those with a certificate of the client authority, where there is one", async () => {
    await using files = await writeFiles({ clientCa: certificateAuthority });
    await using server = await startWholeServer(files.settings);
    const known = { ca: certificateAuthority, certificate: clientCertificate, key: clientKey };
    await expect(call(server.address, known)).resolves.not.toBe(Status.UNAVAILABLE);
    await expect(call(server.address, { ca: certificateAuthority })).resolves.toBe(Status.UNAVAILABLE);
  });
});

describe("readServerTls", () => {
  test.each([
    ["a certificate that is none", { certificate: "nonsense" }, "is not a certificate in PEM form"],
    ["a key that is none", { key: "nonsense" }, "is not an unencrypted private key in PEM form"],
    [
      "the key of another certificate",
      { key: clientKey },
      /KEY_FILE ".*" is not the key of ".*server.crt" in PEM form/,
    ],
    ["a client authority that is none", { clientCa: "nonsense" }, /CLIENT_CA_FILE ".*" is not a certificate/],
  ])("refuses %s", async (_case, contents, sentence) => {
    await using files = await writeFiles(contents);
    await expect(readServerTls(parseConfig(files.settings))).rejects.toThrow(sentence);
  });

  test("refuses a file that is not there", async () => {
    await using files = await writeFiles({});
    const settings = { ...files.settings, ROLLCALL_TLS_KEY_FILE: "/nowhere/server.key" };
    await expect(readServerTls(parseConfig(settings))).rejects.toThrow("cannot read ROLLCALL_TLS_KEY_FILE: ENOENT");
  });
});
