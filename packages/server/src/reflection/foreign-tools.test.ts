import { execFile, execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { startWholeServer } from "../start-whole-server.fixture.js";

const run = promisify(execFile);
const slow = 30_000; // buf unpacks and compiles what it learns

const services = [
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
  "user.v1.AuthService",
  "user.v1.UserService",
];
const user = { name: "Ada", email: "ada@example.com", metadata: { team: "engines" } };

describe.each(["v1", "v1alpha"])("buf curl, knowing the server by reflection %s alone,", (version) => {
  const buf = join(dirname(createRequire(import.meta.url).resolve("@bufbuild/buf/package.json")), "bin", "buf");
  const curl = async (...args: string[]) => {
    const reflect = ["--reflect-protocol", `grpc-${version}`];
    const { stdout } = await run(process.execPath, [
      buf,
      "curl",
      ...reflect,
      "--protocol",
      "grpc",
      "--http2-prior-knowledge",
      ...args,
    ]);
    return stdout;
  };

  test(
    "lists all services",
    async () => {
      await using server = await startWholeServer();
      const listed = await curl(`http://${server.address}`, "--list-services");
      expect(listed.trim().split("\n")).toEqual(services);
    },
    slow,
  );

  test(
    "lists all methods",
    async () => {
      await using server = await startWholeServer();
      const listed = await curl(`http://${server.address}`, "--list-methods");
      expect(listed).toContain("user.v1.UserService/CreateUsers\n");
      expect(listed).toContain("grpc.health.v1.Health/Watch\n");
    },
    slow,
  );

  test(
    "makes a call with a map and a time in it",
    async () => {
      await using server = await startWholeServer();
      const url = `http://${server.address}/user.v1.UserService/CreateUser`;
      const answer: unknown = JSON.parse(await curl("--data", JSON.stringify(user), url));
      expect(answer).toMatchObject({ ...user, status: "USER_STATUS_ACTIVE", createdAt: expect.any(String) });
    },
    slow,
  );
});

const python = "/usr/bin/python3";
const testWithPython = hasPython() ? test : test.skip;

testWithPython.each(["v1", "v1alpha"])(
  "a Python client (python3-grpcio) makes a call, knowing the server by reflection %s alone",
  async (version) => {
    await using server = await startWholeServer();
    const client = fileURLToPath(new URL("./python-client.fixture.py", import.meta.url));
    const call = ["user.v1.UserService", "CreateUser", JSON.stringify(user)];
    const { stdout } = await run(python, [client, server.address, version, ...call]);
    expect(JSON.parse(stdout)).toMatchObject({ ...user, status: "USER_STATUS_ACTIVE", createdAt: expect.any(String) });
  },
  slow,
);

function hasPython(): boolean {
  try {
    execFileSync(python, ["-c", "import grpc, google.protobuf"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
