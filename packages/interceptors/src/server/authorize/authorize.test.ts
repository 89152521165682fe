import { describe, expect, test } from "@jest/globals";
import {
  type AccessPolicy,
  methodOf,
  type MethodPolicy,
  policiesByPath,
  type PolicyTable,
  type ServerInterceptor,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createPingService, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { all, everyKind, silence } from "../../every-kind.fixture.js";
import { type Caller, setCaller } from "../caller.js";
import { createWaitingService } from "../waiting-service.fixture.js";
import { authorize, type AuthorizeOptions } from "./authorize.js";

const somebody = (subject: string, ...roles: readonly string[]): Caller => ({ subject, roles, credential: "token" });
const policy = <Field extends string>(access: AccessPolicy<Field>): MethodPolicy<Field> => ({ access, audit: false });
const allMethods = (access: AccessPolicy<never>): AuthorizeOptions["policies"] => {
  const same = policy(access);
  return policiesByPath(PingServiceDefinition, { ping: same, count: same, collect: same, echo: same });
};

const aboutText = policy({ kind: "self", subjectField: "text", roles: ["admin"] });
const isPublic = policy<never>({ kind: "public" });
const selfPolicies: PolicyTable<PingServiceDefinition> = {
  ping: aboutText,
  count: isPublic, // its request has no text
  collect: aboutText,
  echo: aboutText,
};
const self = policiesByPath(PingServiceDefinition, selfPolicies);

const required = {
  code: Status.UNAUTHENTICATED,
  details: "this method needs credentials; sign in first",
  errorDetails: { errorInfo: { reason: "CREDENTIALS_REQUIRED", domain: "example" } },
};
const denied = {
  code: Status.PERMISSION_DENIED,
  details: "you may not do this",
  errorDetails: { errorInfo: { reason: "PERMISSION_DENIED", domain: "example" } },
};

/** A server that takes everybody for the caller, and how often its handlers ran. */
async function start(
  caller: Caller | undefined,
  policies: AuthorizeOptions["policies"],
  service: ServiceImplementation<PingServiceDefinition> = createPingService(),
  options: Partial<AuthorizeOptions> = {},
) {
  const handled: string[] = [];
  const signIn: ServerInterceptor = () => (call, next) => {
    if (caller !== undefined) {
      setCaller(call, caller);
    }
    return next();
  };
  const noteHandler: ServerInterceptor = (method) => (_call, next) => {
    handled.push(method.name);
    return next();
  };
  const interceptors = [signIn, authorize({ policies, domain: "example", ...options }), noteHandler];
  return { server: await startTestServer(PingServiceDefinition, service, { interceptors }), handled };
}

describe("authorize", () => {
  const access: readonly (readonly [string, AccessPolicy<never>, Caller | undefined, object | undefined])[] = [
    ["public, to anybody", { kind: "public" }, undefined, undefined],
    ["for people who are signed in, to somebody", { kind: "authenticated", roles: [] }, somebody("ann"), undefined],
    ["for people who are signed in, to nobody", { kind: "authenticated", roles: [] }, undefined, required],
    ["for a role, to nobody", { kind: "authenticated", roles: ["admin"] }, undefined, required],
    ["for a role, to somebody without any", { kind: "authenticated", roles: ["admin"] }, somebody("ann"), denied],
    ["for a role, to one of another", { kind: "authenticated", roles: ["admin"] }, somebody("ann", "ADMIN"), denied],
    [
      "for two roles, to one of the second",
      { kind: "authenticated", roles: ["a", "b"] },
      somebody("ann", "c", "b"),
      undefined,
    ],
  ];
  const cases = access.flatMap(([name, ...rest]) =>
    everyKind.map(([kind, makeCall]) => [kind, name, makeCall, ...rest] as const),
  );

  test.each(cases)("answers a %s call that is %s", async (_kind, _name, makeCall, access, caller, error) => {
    const { server, handled } = await start(caller, allMethods(access));
    await using _stop = server;
    const call = makeCall(server.client);
    await (error === undefined ? expect(call).resolves.toBeDefined() : expect(call).rejects.toMatchObject(error));
    expect(handled).toHaveLength(error === undefined ? 1 : 0);
  });

  test.each(everyKind)("lets nobody make a %s call that has no policy", async (_kind, makeCall) => {
    const { server, handled } = await start(somebody("ann", "admin"), new Map());
    await using _stop = server;
    await expect(makeCall(server.client)).rejects.toMatchObject(denied);
    expect(handled).toEqual([]);
  });

  test("refuses to be bound to a method without a policy, if it is to be strict", () => {
    const method = methodOf(PingServiceDefinition, PingServiceDefinition.methods.ping);
    const strict = authorize({ policies: new Map(), domain: "example", strict: true });
    expect(() => strict(method)).toThrow(new TypeError("/ping.v1.PingService/Ping has no policy; say who may call it"));
  });

  test("stays out of public methods", () => {
    const method = methodOf(PingServiceDefinition, PingServiceDefinition.methods.ping);
    expect(authorize({ policies: allMethods({ kind: "public" }), domain: "example" })(method)).toBeUndefined();
  });

  test("gives the reasons that it is told to", async () => {
    const options = { requiredReason: "WHO", deniedReason: "NO" };
    const onlyAdmins = allMethods({ kind: "authenticated", roles: ["admin"] });
    const unknown = await start(undefined, onlyAdmins, createPingService(), options);
    await using _stopUnknown = unknown.server;
    await expect(unknown.server.client.ping({})).rejects.toMatchObject({ reason: "WHO" });
    const known = await start(somebody("ann"), onlyAdmins, createPingService(), options);
    await using _stopKnown = known.server;
    await expect(known.server.client.ping({})).rejects.toMatchObject({ reason: "NO" });
  });

  test("minds neither a handler that fails nor a client that cancels", async () => {
    const { service, began, ended } = createWaitingService();
    const ping = () => Promise.reject(new StatusError(Status.NOT_FOUND, "no such text"));
    const { server } = await start(somebody("ann"), self, { ...service, ping });
    await using _stop = server;
    await expect(server.client.ping({ text: "ann" })).rejects.toMatchObject({ code: Status.NOT_FOUND });
    const cancel = new AbortController();
    const call = server.client.collect(silence(), { signal: cancel.signal });
    const failed = expect(call).rejects.toMatchObject({ code: Status.CANCELLED });
    await began;
    cancel.abort();
    await failed;
    await expect(ended).resolves.toMatchObject({ code: Status.CANCELLED });
  });
});

describe("authorize, of calls about oneself", () => {
  test.each([
    ["oneself", somebody("ann"), "ann", undefined],
    ["somebody else", somebody("ann"), "bob", denied],
    ["somebody of a similar name", somebody("ann"), "Ann", denied],
    ["nobody", somebody("ann"), "", denied],
    ["nobody, by a caller without a name", somebody(""), "", denied],
    ["somebody else, by an administrator", somebody("root", "admin"), "ann", undefined],
    ["oneself, by nobody", undefined, "ann", required],
  ])("answers a request about %s", async (_case, caller, text, error) => {
    const { server, handled } = await start(caller, self);
    await using _stop = server;
    const call = server.client.ping({ text });
    await (error === undefined ? expect(call).resolves.toBeDefined() : expect(call).rejects.toMatchObject(error));
    expect(handled).toHaveLength(error === undefined ? 1 : 0);
  });

  test("looks at each request of a stream", async () => {
    const { server } = await start(somebody("ann"), self);
    await using _stop = server;
    const own = [{ text: "ann" }, { text: "ann" }];
    await expect(server.client.collect(own)).resolves.toEqual({ texts: ["ann", "ann"] });
    await expect(all(server.client.echo(own))).resolves.toHaveLength(2);
    const mixed = [...own, { text: "bob" }, { text: "ann" }];
    await expect(server.client.collect(mixed)).rejects.toMatchObject(denied);
    await expect(all(server.client.echo(mixed))).rejects.toMatchObject(denied);
  });

  test("lets administrators send what they like", async () => {
    const { server } = await start(somebody("root", "admin"), self);
    await using _stop = server;
    await expect(server.client.collect([{ text: "ann" }, { text: "bob" }])).resolves.toEqual({ texts: ["ann", "bob"] });
  });

  test("does not run the handler of a stream for nobody", async () => {
    const { server, handled } = await start(undefined, self);
    await using _stop = server;
    await expect(server.client.collect([{ text: "ann" }])).rejects.toMatchObject(required);
    expect(handled).toEqual([]);
  });

  test("ends the call also when the handler takes no notice, which never sees the request", async () => {
    const seen: string[] = [];
    const { server } = await start(somebody("ann"), self, {
      ...createPingService(),
      async collect(requests) {
        try {
          for await (const { text } of requests) {
            seen.push(text);
          }
        } catch {
          seen.push("caught");
        }
        return { texts: seen };
      },
    });
    await using _stop = server;
    await expect(server.client.collect([{ text: "ann" }, { text: "bob" }])).rejects.toMatchObject(denied);
    expect(seen).toEqual(["ann", "caught"]);
  });

  test.each(["id", "values", "toString"])("refuses to be bound to a method whose request has no text %p", (field) => {
    const method = methodOf(PingServiceDefinition, PingServiceDefinition.methods.ping);
    const policies = new Map([[method.path, policy({ kind: "self", subjectField: field, roles: [] })]]);
    expect(() => authorize({ policies, domain: "example" })(method)).toThrow(
      new TypeError(`the policy of /ping.v1.PingService/Ping names the field "${field}"; its request has no such text`),
    );
  });
});
