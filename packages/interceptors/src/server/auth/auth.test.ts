import { describe, expect, jest, test } from "@jest/globals";
import {
  type CallOptions,
  createClient,
  deadlineIn,
  type MethodPolicy,
  policiesByPath,
  type ServerInterceptor,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { connectRawClient, createPingService, grpcFrame, startProxy, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyKind } from "../../every-kind.fixture.js";
import { until } from "../../until.fixture.js";
import { type Caller, callerOf } from "../caller.js";
import { createWaitingService } from "../waiting-service.fixture.js";
import { auth, bearerToken, createKeySet, type CredentialSource, createTokenVerifier } from "./auth.js";
import { UnverifiableCredentialsError } from "./credential-source.js";
import { audience, createTokenIssuer, issuedAtMs, issuer } from "./token-issuer.fixture.js";

const ann: Caller = { subject: "ann", roles: [], credential: "token" };
const honest = await createTokenIssuer();

const signedIn: MethodPolicy<never> = { access: { kind: "authenticated", roles: [] }, audit: false };
const policies = policiesByPath(PingServiceDefinition, {
  ping: signedIn,
  count: signedIn,
  collect: signedIn,
  echo: signedIn,
});

const rejected = {
  code: Status.UNAUTHENTICATED,
  details: "the credentials are not valid, or no longer; sign in again",
  errorDetails: { errorInfo: { reason: "CREDENTIALS_REJECTED", domain: "example" } },
};
const unverifiable = {
  code: Status.UNAVAILABLE,
  details: "the credentials cannot be verified at the moment; try again",
  errorDetails: {
    errorInfo: { reason: "CREDENTIALS_UNVERIFIABLE", domain: "example" },
    retryInfo: { retryDelay: { seconds: 1n, nanos: 0 } },
  },
};

/** A server, the callers that reached its handlers, and the errors that calls ended with before they became a status. */
async function start(
  sources: readonly CredentialSource[],
  service: ServiceImplementation<PingServiceDefinition> = createPingService(),
  options: Partial<Parameters<typeof auth>[0]> = {},
) {
  const callers: (Caller | undefined)[] = [];
  const errors: unknown[] = [];
  const noteError: ServerInterceptor = () => async (_call, next) => {
    await next().catch((error: unknown) => {
      errors.push(error);
      throw error;
    });
  };
  const noteCaller: ServerInterceptor = () => (call, next) => {
    callers.push(callerOf(call));
    return next();
  };
  const server = await startTestServer(PingServiceDefinition, service, {
    interceptors: [noteError, auth({ policies, sources, domain: "example", ...options }), noteCaller],
  });
  return { server, callers, errors };
}

const tokens = () =>
  bearerToken(
    createTokenVerifier({ issuer, audience, keys: createKeySet({ keys: [honest.jwk] }), now: () => issuedAtMs }),
  );

describe("auth", () => {
  test.each(everyKind)("says who makes a %s call", async (_kind, makeCall) => {
    const { server, callers } = await start([tokens()]);
    await using _stop = server;
    const metadata = { authorization: `Bearer ${await honest.sign()}` };
    await makeCall(server.client, { metadata });
    await makeCall(server.client, { metadata });
    expect(callers).toMatchObject([{ subject: "ann" }, { subject: "ann" }]);
  });

  test.each(everyKind)("lets a %s call without credentials go on, without a caller", async (_kind, makeCall) => {
    const { server, callers } = await start([tokens()]);
    await using _stop = server;
    await makeCall(server.client);
    expect(callers).toEqual([undefined]);
  });

  test.each(everyKind)(
    "ends a %s call whose credentials do not count, before its handler runs",
    async (_kind, makeCall) => {
      const { server, callers, errors } = await start([tokens()]);
      await using _stop = server;
      const metadata = { authorization: `Bearer ${await honest.sign({ aud: "other" })}` };
      await expect(makeCall(server.client, { metadata })).rejects.toMatchObject(rejected);
      expect(callers).toEqual([]);
      expect(errors).toMatchObject([{ cause: expect.objectContaining({ message: expect.stringContaining("aud") }) }]);
    },
  );

  const failures: readonly (readonly [string, CredentialSource])[] = [
    [
      "throws",
      () => {
        throw new Error("secret");
      },
    ],
    ["rejects", () => Promise.reject(new Error("secret"))],
    [
      "fails with what another server said",
      () => Promise.reject(new StatusError(Status.NOT_FOUND, "secret", { received: true })),
    ],
  ];
  test.each(failures)("says the same whatever is wrong: a source that %s", async (_case, source) => {
    const { server } = await start([source]);
    await using _stop = server;
    const error: unknown = await server.client.ping({}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(rejected);
    expect(String(error)).not.toContain("secret");
  });

  test.each(everyKind)("ends a %s call with UNAVAILABLE when nobody can tell now", async (_kind, makeCall) => {
    const { server, callers } = await start([() => Promise.reject(new UnverifiableCredentialsError("down"))]);
    await using _stop = server;
    await expect(makeCall(server.client)).rejects.toMatchObject(unverifiable);
    expect(callers).toEqual([]);
  });

  test("lets a status through that a source chose", async () => {
    const status = new StatusError(Status.UNAVAILABLE, "the store is away");
    const { server } = await start([
      () => {
        throw status;
      },
    ]);
    await using _stop = server;
    await expect(server.client.ping({})).rejects.toMatchObject({
      code: Status.UNAVAILABLE,
      details: "the store is away",
    });
  });

  test("gives the reasons that it is told to", async () => {
    const options = { rejectedReason: "NO", unverifiableReason: "PERHAPS" };
    const source = jest.fn<CredentialSource>();
    const { server } = await start([source], createPingService(), options);
    await using _stop = server;
    source.mockRejectedValueOnce(new Error("no"));
    await expect(server.client.ping({})).rejects.toMatchObject({ reason: "NO" });
    source.mockRejectedValueOnce(new UnverifiableCredentialsError("perhaps"));
    await expect(server.client.ping({})).rejects.toMatchObject({ reason: "PERHAPS" });
  });

  test("asks its sources in turn, until one finds somebody", async () => {
    const last = jest.fn<CredentialSource>();
    const { server, callers } = await start([() => undefined, async () => undefined, () => ann, last]);
    await using _stop = server;
    await server.client.ping({});
    expect(callers).toEqual([ann]);
    expect(last).not.toHaveBeenCalled();
  });

  test("leaves public methods alone, and asks of those that it knows nothing of", async () => {
    const source = jest.fn<CredentialSource>().mockRejectedValue(new Error("no"));
    const { server } = await start([source], createPingService(), {
      policies: new Map([["/ping.v1.PingService/Ping", { access: { kind: "public" }, audit: false }]]),
    });
    await using _stop = server;
    await expect(server.client.ping({ text: "a" })).resolves.toMatchObject({ text: "a" });
    expect(source).not.toHaveBeenCalled();
    await expect(server.client.collect([])).rejects.toMatchObject(rejected);
  });

  test("needs a source", () => {
    expect(() => auth({ policies, sources: [], domain: "example" })).toThrow(TypeError);
  });

  const endings: readonly (readonly [string, () => CallOptions, Status])[] = [
    ["its deadline passes", () => ({ deadline: deadlineIn(100) }), Status.DEADLINE_EXCEEDED],
    ["its client cancels it", () => ({ signal: AbortSignal.timeout(100) }), Status.CANCELLED],
  ];
  test.each(endings)("no longer waits for a source when %s", async (_case, ending, code) => {
    const { server, callers, errors } = await start([() => new Promise(() => undefined)]);
    await using _stop = server;
    await server.channel.connect();
    await expect(server.client.ping({}, ending())).rejects.toMatchObject({ code });
    await until(() => errors.length === 1);
    expect(errors).toMatchObject([{ code }]);
    expect(callers).toEqual([]);
  });

  test("minds neither a handler that fails nor a connection that breaks", async () => {
    const { service, began, ended } = createWaitingService();
    const fail = () => Promise.reject(new StatusError(Status.NOT_FOUND, "no such text"));
    const { server } = await start([() => ann], { ...service, ping: fail });
    await using _stop = server;
    await expect(server.client.ping({})).rejects.toMatchObject({ code: Status.NOT_FOUND, details: "no such text" });
    await using proxy = await startProxy(server.address);
    const channel = createChannel({ address: proxy.address });
    const broken = createClient(PingServiceDefinition, channel).collect([]);
    const failed = expect(broken).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await began;
    proxy.cut();
    await failed;
    await expect(ended).resolves.toMatchObject({ code: Status.CANCELLED });
    channel.close();
  });
});

describe("auth with bearerToken, of metadata on the wire", () => {
  const answer = async (headers: Readonly<Record<string, string | string[]>>) => {
    const { server, callers } = await start([tokens()]);
    await using _stop = server;
    await using client = await connectRawClient(server.address);
    const request = { headers: headers as Record<string, string>, body: [grpcFrame(new Uint8Array())] };
    const { grpcStatus, grpcMessage } = await client.call("/ping.v1.PingService/Ping", request);
    return { grpcStatus, grpcMessage, callers };
  };

  test.each([
    ["empty", ""],
    ["a scheme alone", "Bearer"],
    ["no token", "Bearer a"],
    ["several tokens", "Bearer a.b.c, Bearer a.b.c"],
    ["too long", `Bearer ${"a".repeat(10_000)}`],
  ])("refuses an authorization that is %s", async (_case, authorization) => {
    await expect(answer({ authorization })).resolves.toMatchObject({
      grpcStatus: Status.UNAUTHENTICATED,
      grpcMessage: rejected.details,
      callers: [],
    });
  });

  test("takes no notice of a token under a key for bytes", async () => {
    const encoded = Buffer.from(`Bearer ${await honest.sign()}`).toString("base64");
    await expect(answer({ "authorization-bin": encoded })).resolves.toMatchObject({
      grpcStatus: 0,
      callers: [undefined],
    });
  });
});
