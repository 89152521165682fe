import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { createTemporaryFolder, runCommand } from "@rollcall/tool-command";
import { startTestServer, createPingService } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";

const run = (...args: string[]) => runCommand("npm", ["run", "--silent", "certs", "--", ...args]);

describe("npm run certs", () => {
  test("makes certificates that a server and a client take, and says what to do with them", async () => {
    await using folder = await createTemporaryFolder();
    const { exitCode, output } = await run("--out", folder.path);
    expect([exitCode, output]).toEqual([0, expect.stringContaining(`ROLLCALL_TLS_KEY_FILE=${folder.path}/server.key`)]);
    const read = (name: string) => readFile(join(folder.path, name), "utf8");
    const ca = await read("ca.crt");
    const [server, client] = await Promise.all(
      ["server", "client"].map(async (name) => ({
        certificate: await read(`${name}.crt`),
        key: await read(`${name}.key`),
      })),
    );
    await using started = await startTestServer(PingServiceDefinition, createPingService(), {
      listener: { tls: { certificate: "", key: "", ...server, clientCa: ca } },
      channel: { tls: { ca, ...client } },
    });
    await expect(started.client.ping({ text: "safe" })).resolves.toMatchObject({ text: "safe" });
  });

  test("takes the names of the server, and keeps keys to their owner", async () => {
    await using folder = await createTemporaryFolder();
    await run("--out", folder.path, "--host", "example.test", "--host", "10.0.0.1");
    const { subjectAltName } = new X509Certificate(await readFile(join(folder.path, "server.crt")));
    expect(subjectAltName).toMatch(/DNS:localhost.*DNS:example\.test, IP Address:10\.0\.0\.1/);
    expect((await stat(join(folder.path, "server.key"))).mode & 0o777).toBe(0o600);
  });

  test("replaces nothing unless it is told to", async () => {
    await using folder = await createTemporaryFolder();
    await run("--out", folder.path);
    const before = await readFile(join(folder.path, "server.key"), "utf8");
    await expect(run("--out", folder.path)).resolves.toMatchObject({
      exitCode: 1,
      output: expect.stringContaining("is there already; add --replace to replace it"),
    });
    await expect(readFile(join(folder.path, "server.key"), "utf8")).resolves.toBe(before);
    await expect(run("--out", folder.path, "--replace")).resolves.toMatchObject({ exitCode: 0 });
    await expect(readFile(join(folder.path, "server.key"), "utf8")).resolves.not.toBe(before);
  });

  test("says how it is used where it is told what it does not know", async () => {
    await expect(run("--nonsense")).resolves.toMatchObject({
      exitCode: 1,
      output: expect.stringContaining("usage: npm run certs"),
    });
  });
});
