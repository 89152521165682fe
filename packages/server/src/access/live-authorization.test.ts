import { describe, expect, test } from "@jest/globals";
import { UnverifiableCredentialsError } from "@rollcall/interceptors/server/auth";
import type { Caller } from "@rollcall/interceptors/server/caller";
import { type CallOptions, deadlineIn, Status } from "@rollcall/rpc";
import { errorOf } from "../services/status.fixture.js";
import { ann, type LiveServer, type LiveServerOptions, startLiveServer, startMs } from "./live-server.fixture.js";
import { createOpenRequests } from "./requests.fixture.js";

const rejected = {
  code: Status.UNAUTHENTICATED,
  reason: "CREDENTIALS_REJECTED",
  details: "the credentials are not valid, or no longer; sign in again",
};
const denied = { code: Status.PERMISSION_DENIED, reason: "PERMISSION_DENIED", details: "you may not do this" };
const goOn = { done: false, value: { text: "go on" } };

const endsAfter = (ms: number, caller: Caller = ann): Caller => ({ ...caller, expiresAt: new Date(startMs + ms) });
const session = (id: string) => ({ metadata: { session: id } });

async function drain(responses: AsyncIterable<unknown>): Promise<void> {
  for await (const response of responses) {
    expect(response).toBeDefined();
  }
}

type Stream = (server: LiveServer, options?: CallOptions) => Promise<unknown>;

/** Calls that do not end by themselves. */
const streams: readonly [string, Stream][] = [
  ["stream of answers", ({ client }, options) => drain(client.count({}, options))],
  ["stream of requests", ({ client }, options) => client.collect(createOpenRequests(""), options)],
  ["stream in both directions", ({ client }, options) => drain(client.echo(createOpenRequests(""), options))],
];

describe.each(streams)("a %s", (_kind, call) => {
  test("ends as soon as its caller's credentials are revoked, and others do not", async () => {
    await using server = await startLiveServer();
    const failures = [errorOf(call(server)), errorOf(call(server, session("session-2")))];
    await server.runs("session-1", "session-2");
    server.revoke("session-2");
    await expect(failures[1]).resolves.toMatchObject(rejected);
    expect(server.running).toEqual(["session-1"]);
    server.revoke("session-1");
    await expect(failures[0]).resolves.toMatchObject(rejected);
  });

  test("does not begin when its caller's credentials were revoked while it was let in", async () => {
    await using server = await startLiveServer();
    server.revokeSilently("session-1");
    await expect(errorOf(call(server))).resolves.toMatchObject(rejected);
  });

  test("ends when the credentials run out, where the policy lets it stay open for ever", async () => {
    await using server = await startLiveServer({ caller: endsAfter(20) });
    const failures = [errorOf(call(server)), errorOf(call(server, { deadline: deadlineIn(3_600_000) }))];
    await server.runs("session-1", "session-1");
    await server.clock.advance(20);
    await expect(Promise.all(failures)).resolves.toMatchObject([rejected, rejected]);
  });

  test("ends by its deadline, and not with its credentials, where the policy bounds the deadline", async () => {
    await using server = await startLiveServer({ caller: endsAfter(20), maxDeadlineMs: 3_600_000 });
    const failure = errorOf(call(server, { deadline: deadlineIn(500) }));
    await server.runs("session-1");
    await server.clock.advance(20);
    await expect(failure).resolves.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
  });

  test("that anybody may call is not held to credentials", async () => {
    await using server = await startLiveServer({ access: { kind: "public" }, caller: endsAfter(20) });
    const failure = errorOf(call(server, { deadline: deadlineIn(500) }));
    await server.runs("session-1");
    server.revoke("session-1");
    await server.clock.advance(20);
    await expect(failure).resolves.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
  });
});

test("a call with one request and one answer is left alone: it has been let in, and is over soon", async () => {
  await using server = await startLiveServer({ caller: endsAfter(-1) });
  server.revoke("session-1");
  await expect(server.client.ping({ text: "hello" })).resolves.toMatchObject({ text: "hello" });
});

describe("renewCaller", () => {
  const stands = (caller: Caller): LiveServerOptions => ({ verify: () => caller });

  test("keeps a stream going beyond the end of its first token, to the end of the next", async () => {
    await using server = await startLiveServer({ caller: endsAfter(20), ...stands(endsAfter(40)) });
    const requests = createOpenRequests("next");
    const renewed = server.client.echo(requests);
    await expect(renewed.next()).resolves.toMatchObject(goOn);
    const other = errorOf(drain(server.client.echo(createOpenRequests(""))));
    await server.runs("session-1", "session-1");
    await server.clock.advance(20);
    await expect(other).resolves.toMatchObject(rejected);
    requests.send("");
    await expect(renewed.next()).resolves.toMatchObject(goOn);
    await server.clock.advance(20);
    await expect(errorOf(renewed.next())).resolves.toMatchObject(rejected);
  });

  test("leaves the first token's session behind, and heeds the end of the next", async () => {
    await using server = await startLiveServer(stands({ ...ann, credentialId: "session-2" }));
    const requests = createOpenRequests("next");
    const responses = server.client.echo(requests);
    await responses.next();
    server.revoke("session-1");
    requests.send("");
    await expect(responses.next()).resolves.toMatchObject(goOn);
    server.revoke("session-2");
    await expect(errorOf(responses.next())).resolves.toMatchObject(rejected);
  });

  test.each<[string, () => Caller | Promise<Caller>, object]>([
    ["a token that does not count", () => Promise.reject(new Error("the signature is wrong")), rejected],
    ["a token of somebody else", () => ({ ...ann, subject: "bob" }), denied],
    ["a token without the role that the call was let in for", () => ({ ...ann, roles: ["writer"] }), denied],
    [
      "a token of which nobody can tell whether it counts",
      () => Promise.reject(new UnverifiableCredentialsError("the store does not answer")),
      { code: Status.UNAVAILABLE, reason: "CREDENTIALS_UNVERIFIABLE" },
    ],
  ])("refuses %s", async (_what, verify, status) => {
    await using server = await startLiveServer({ verify });
    await expect(errorOf(server.client.echo(createOpenRequests("next")).next())).resolves.toMatchObject(status);
  });

  test("asks for no role that the call was not let in for", async () => {
    const access = { kind: "self", subjectField: "text", roles: ["admin"] } as const;
    await using server = await startLiveServer({ access, ...stands({ ...ann, roles: [] }) });
    await expect(server.client.echo(createOpenRequests("next")).next()).resolves.toMatchObject(goOn);
  });

  test("does nothing for calls that nobody had to sign in for", async () => {
    await using server = await startLiveServer({ access: { kind: "public" } });
    await expect(server.client.echo(createOpenRequests("next")).next()).resolves.toMatchObject(goOn);
  });
});
