import { describe, expect, jest, test } from "@jest/globals";
import { type Caller, setCaller } from "@rollcall/interceptors/server/caller";
import { requestId } from "@rollcall/interceptors/server/request-id";
import {
  byPath,
  type MethodPolicy,
  type ServerCall,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createPingService, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { permissionDenied, userNotFound } from "../services/errors.js";
import { errorOf } from "../services/status.fixture.js";
import { eventually } from "../storage/eventually.fixture.js";
import type { Store, Unit } from "../storage/store.js";
import { StoreError } from "../storage/store-error.js";
import { databaseNames, givenStore } from "../storage/test-store.fixture.js";
import { type AuditCallsOptions, auditCalls } from "./audit-interceptor.js";
import { commit } from "./commit.js";
import type { FailureBudget } from "./failure-budget.js";

const ann: Caller = { subject: "ann", roles: ["admin"], credential: "token" };
const audited: MethodPolicy = { access: { kind: "self", subjectField: "text", roles: ["admin"] }, audit: true };
const policies = byPath(PingServiceDefinition, {
  ping: audited,
  count: { ...audited, audit: false },
  collect: audited,
  echo: { ...audited, audit: false },
});

interface StartOptions extends Partial<AuditCallsOptions> {
  readonly store: Pick<Store, "write">;
  /** Answers pings. */
  readonly ping?: ServiceImplementation<PingServiceDefinition>["ping"];
  /** Whether calls end before anybody asks who makes them. Defaults to false. */
  readonly isRefused?: boolean;
}

async function start({ ping, isRefused = false, ...options }: StartOptions) {
  const errors: unknown[] = [];
  const service = { ...createPingService(), ...(ping === undefined ? {} : { ping }) };
  const server = await startTestServer(PingServiceDefinition, service, {
    interceptors: [
      requestId({ createId: () => "request-1" }),
      auditCalls({ policies, onError: (error) => errors.push(error), ...options }),
      () => async (call, next) => {
        if (isRefused) {
          throw new StatusError(Status.UNAUTHENTICATED, "sign in first", {
            errorDetails: { errorInfo: { reason: "CREDENTIALS_REQUIRED", domain: "rollcall", metadata: {} } },
          });
        }
        setCaller(call, ann);
        await next();
      },
    ],
    onUnexpectedError: () => undefined,
  });
  return { ...server, errors };
}

const row = {
  actor: "ann",
  credential: "token",
  method: "/ping.v1.PingService/Ping",
  subject: "bob",
  status: "OK",
  reason: "",
  requestId: "request-1",
  peer: "127.0.0.1",
  detail: "",
};

let emails = 0;
const insertUser = (unit: Unit) =>
  unit.users.insert({ name: "Ann", email: `ann${String(++emails)}@example.com`, status: 1 });

describe.each(databaseNames)("the audit log on %s", (name) => {
  const given = givenStore(name);
  const rows = async (limit = 1) => (await given.store.audit.page({ limit })).toReversed();
  const countOf = async () => (await given.store.audit.page({ limit: 1_000 })).length;

  /** Makes a user in one unit of work with the row, and then does what `then` says. */
  const insertAnd =
    (then: (unit: Unit) => Promise<unknown> = async () => undefined, store: Pick<Store, "write"> = given.store) =>
    async (_request: unknown, call: ServerCall) => {
      const about = ({ id }: { readonly id: string }) => ({ subject: id, detail: "made" });
      const { id: text } = await commit(store, call, about, async (unit) => {
        const user = await insertUser(unit);
        await then(unit);
        return user;
      });
      return { text };
    };

  test("has who did what, on whom, with what result, written together with its effect", async () => {
    await using server = await start({ store: given.store, ping: insertAnd() });
    const before = await countOf();
    const { text: id } = await server.client.ping({ text: "bob" });
    await expect(rows()).resolves.toMatchObject([{ ...row, subject: id, detail: "made" }]);
    await expect(given.store.users.find(id)).resolves.toBeDefined();
    expect(await countOf()).toBe(before + 1);
  });

  test("has no row of an effect that was undone, and a row of the failure", async () => {
    let madeId = "";
    const fail = async (unit: Unit) => {
      madeId = (await insertUser(unit)).id;
      throw userNotFound("eve");
    };
    await using server = await start({ store: given.store, ping: insertAnd(fail) });
    const before = await countOf();
    await expect(errorOf(server.client.ping({ text: "bob" }))).resolves.toMatchObject({ reason: "USER_NOT_FOUND" });
    await expect(rows()).resolves.toMatchObject([{ ...row, status: "NOT_FOUND", reason: "USER_NOT_FOUND" }]);
    await expect(given.store.users.find(madeId)).resolves.toBeUndefined();
    expect(await countOf()).toBe(before + 1);
  });

  test("undoes the effect that it cannot have a row of", async () => {
    let madeId = "";
    const broken: Pick<Store, "write"> = {
      write: (work) =>
        given.store.write((unit) =>
          work({
            ...unit,
            audit: { append: () => Promise.reject(new StoreError("full", "the disk is full")) },
          }),
        ),
    };
    const note = async (unit: Unit) => {
      madeId = (await insertUser(unit)).id;
    };
    await using server = await start({ store: broken, ping: insertAnd(note, broken) });
    await expect(errorOf(server.client.ping({ text: "bob" }))).resolves.toMatchObject({ code: Status.INTERNAL });
    expect(madeId).not.toBe("");
    await expect(given.store.users.find(madeId)).resolves.toBeUndefined();
    expect(server.errors).toMatchObject([{ kind: "full" }]);
  });

  test("has one row of an effect, whatever becomes of the answer", async () => {
    const insert = insertAnd();
    const ping = async (request: unknown, call: ServerCall) => {
      await insert(request, call);
      throw new Error("the answer cannot be made");
    };
    await using server = await start({ store: given.store, ping });
    const before = await countOf();
    await expect(errorOf(server.client.ping({ text: "bob" }))).resolves.toMatchObject({ code: Status.INTERNAL });
    await expect(rows()).resolves.toMatchObject([{ status: "OK", detail: "made" }]);
    expect(await countOf()).toBe(before + 1);
  });

  test("has a row of a call that had nothing to do", async () => {
    await using server = await start({ store: given.store });
    await server.client.ping({ text: "bob" });
    await expect(rows()).resolves.toMatchObject([row]);
  });
});

describe("a failed call", () => {
  const given = givenStore("SQLite");
  const lastRow = async () => (await given.store.audit.page({ limit: 1 }))[0];

  test.each<[string, () => Error, object]>([
    ["that is refused", permissionDenied, { status: "PERMISSION_DENIED", reason: "PERMISSION_DENIED" }],
    ["that fails unexpectedly", () => new Error("a secret"), { status: "INTERNAL", reason: "INTERNAL" }],
    ["whose error has no reason", () => new StatusError(Status.ABORTED, "again"), { status: "ABORTED", reason: "" }],
    [
      "that ends with somebody else's status",
      () => new StatusError(Status.NOT_FOUND, "there", { received: true }),
      { status: "INTERNAL", reason: "INTERNAL" },
    ],
  ])("%s is written with its status and reason", async (_what, failure, status) => {
    const ping = () => Promise.reject(failure());
    await using server = await start({ store: given.store, ping });
    await errorOf(server.client.ping({ text: "bob" }));
    const written = await lastRow();
    expect(written).toMatchObject({ ...row, ...status });
    expect(JSON.stringify(written)).not.toContain("secret");
  });

  test("is written also when nobody has said who calls", async () => {
    await using server = await start({ store: given.store, isRefused: true });
    await errorOf(server.client.ping({ text: "bob" }));
    const refusal = { actor: "", credential: "none", status: "UNAUTHENTICATED", reason: "CREDENTIALS_REQUIRED" };
    await expect(lastRow()).resolves.toMatchObject({ ...row, ...refusal });
  });

  test("is written when its client has gone", async () => {
    const began = jest.fn();
    const ping = (_request: unknown, { signal }: ServerCall) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          reject(new Error("aborted"));
        });
        began();
      });
    await using server = await start({ store: given.store, ping });
    const cancelling = new AbortController();
    const failure = errorOf(server.client.ping({ text: "gone" }, { signal: cancelling.signal }));
    await eventually(async () => {
      expect(began).toHaveBeenCalled();
    });
    cancelling.abort();
    await failure;
    await eventually(async () => {
      expect(await lastRow()).toMatchObject({ ...row, subject: "gone", status: "CANCELLED" });
    });
  });

  test("with a stream of requests is written without whom it is about", async () => {
    await using server = await start({ store: given.store, isRefused: true });
    await errorOf(server.client.collect([{ text: "bob" }]));
    await expect(lastRow()).resolves.toMatchObject({ method: "/ping.v1.PingService/Collect", subject: "" });
  });

  test("is left out beyond the budget, and the next row says how many were", async () => {
    const answers = [0, undefined, undefined, 2];
    const take = jest.fn<FailureBudget["take"]>(() => answers.shift());
    await using server = await start({ store: given.store, isRefused: true, budget: { take } });
    const before = (await given.store.audit.page({ limit: 1_000 })).length;
    for (let call = 0; call < 4; call++) {
      await errorOf(server.client.ping({ text: "bob" }));
    }
    await expect(lastRow()).resolves.toMatchObject({ detail: "2 failed calls before this one were left out" });
    expect((await given.store.audit.page({ limit: 1_000 })).length).toBe(before + 2);
    expect(take).toHaveBeenLastCalledWith({ caller: undefined, peer: "127.0.0.1" });
  });

  test("fails no differently when it cannot be written", async () => {
    const write = () => Promise.reject(new StoreError("unavailable", "the database does not answer"));
    await using server = await start({ store: { write }, isRefused: true });
    await expect(errorOf(server.client.ping({ text: "bob" }))).resolves.toMatchObject({
      code: Status.UNAUTHENTICATED,
      reason: "CREDENTIALS_REQUIRED",
    });
    expect(server.errors).toMatchObject([{ kind: "unavailable" }]);
  });
});

test("of methods whose policy does not ask for it nothing is written", async () => {
  const write = jest.fn(() => Promise.reject(new Error("nothing is to be written")));
  await using server = await start({ store: { write } });
  await server.client.count({ to: 1 }).next();
  await server.client.echo([{ text: "hello" }]).next();
  await using refusing = await start({ store: { write }, isRefused: true });
  await errorOf(refusing.client.count({ to: 1 }).next());
  expect(write).not.toHaveBeenCalled();
});
