import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { type Client, createClient, type Metadata, Status } from "@rollcall/rpc";
import { type Channel, createChannel } from "@rollcall/rpc/grpc";
import { connectRawClient, grpcFrame } from "@rollcall/testing";
import { parseConfig } from "./config.js";
import { createLogger } from "./logger.js";
import { methodPolicies } from "./method-tables.js";
import { type RunningServer, startServer } from "./start-server.js";
import { eventually } from "./storage/eventually.fixture.js";
import { createTemporaryFolder, type TemporaryFolder } from "./temporary-folder.fixture.js";

/** The line of a call in the log. */
type Line = Readonly<Record<string, unknown>>;

describe("every call to the server", () => {
  let folder: TemporaryFolder;
  let server: RunningServer;
  let channel: Channel;
  let users: Client<UserServiceDefinition>;
  let log: string;

  const linesOf = (name: string): Line[] =>
    log
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Line)
      .filter(({ method }) => method === `/user.v1.UserService/${name}`);

  const line = (name: string) =>
    eventually(async () => {
      const [first] = linesOf(name);
      expect(first).toBeDefined();
      return Promise.resolve(first);
    });

  beforeEach(async () => {
    folder = await createTemporaryFolder();
    log = "";
    const destination = { write: (text: string) => (log += text) };
    const config = parseConfig({
      ROLLCALL_AUTH: "off",
      ROLLCALL_GRPC_ADDRESS: "127.0.0.1:0",
      ROLLCALL_DATA_DIR: folder.path,
    });
    server = await startServer({ config, logger: createLogger({ level: "trace", readable: false, destination }) });
    channel = createChannel({ address: server.address });
    users = createClient(UserServiceDefinition, channel);
  });

  afterEach(async () => {
    channel.close();
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  test("has a request id: in its trailer, in the log and in its error", async () => {
    let trailer: Metadata | undefined;
    const options = { metadata: { "x-request-id": "call-1" }, onTrailer: (received: Metadata) => (trailer = received) };
    await expect(users.getUser({ id: "nobody" }, options)).rejects.toMatchObject({
      code: Status.NOT_FOUND,
      reason: "USER_NOT_FOUND",
      errorDetails: { requestInfo: { requestId: "call-1" } },
    });
    expect(trailer?.get("x-request-id")).toBe("call-1");
    await expect(line("GetUser")).resolves.toMatchObject({ requestId: "call-1" });
  });

  test("is in the log with how it ended, and without what must not be shown", async () => {
    await users.createUser({ name: "Ada", email: "ada@example.com", password: "correct horse battery" });
    await eventually(async () => {
      expect(linesOf("CreateUser").at(-1)).toMatchObject({ status: "OK", requests: 1, responses: 1, user: "" });
      return Promise.resolve();
    });
    expect(log).toMatch(/"password":"(?:\*\*\*|\[redacted\])"/);
    expect(log).not.toContain("correct horse battery");
  });

  test("is counted, also where there is no such method", async () => {
    await users.getUser({ id: "nobody" }).catch(() => undefined);
    await using raw = await connectRawClient(server.address);
    await raw.call("/user.v1.UserService/GetUsers");
    const metrics = await server.metrics();
    const labels = 'grpc_type="unary",grpc_service="user.v1.UserService",grpc_method="GetUser",grpc_code="NOT_FOUND"';
    expect(metrics).toContain(`grpc_server_handled_total{${labels}} 1`);
    expect(metrics).toMatch(/grpc_server_handled_total\{[^}]*grpc_method="other",grpc_code="UNIMPLEMENTED"\} 1/);
  });

  test("ends at its policy's deadline at the latest, whatever the client asks for", async () => {
    await using raw = await connectRawClient(server.address);
    const request = { body: [grpcFrame(new Uint8Array())], headers: { "grpc-timeout": "0n" } };
    const { grpcStatus } = await raw.call("/user.v1.UserService/GetUser", request);
    expect(grpcStatus).toBe(Status.DEADLINE_EXCEEDED);
  });

  test("is of bounded size, and keeps the rules of the contract", async () => {
    await expect(users.getUser({ id: "x".repeat(70_000) })).rejects.toMatchObject({ reason: "REQUEST_TOO_LARGE" });
    await expect(users.getUser({ id: "" })).rejects.toMatchObject({
      reason: "INVALID_REQUEST",
      errorDetails: { badRequest: { fieldViolations: [{ field: "id", reason: "string.min_len" }] } },
    });
  });

  test("has a policy", () => {
    const paths = Object.values(UserServiceDefinition.methods).map(({ name }) => `/user.v1.UserService/${name}`);
    expect([...methodPolicies.keys()]).toEqual(
      expect.arrayContaining([
        ...paths,
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
      ]),
    );
  });
});
