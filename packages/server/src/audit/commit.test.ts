import { describe, expect, jest, test } from "@jest/globals";
import { CallValues, type ServerCall } from "@rollcall/rpc";
import type { Store, Unit } from "../storage/store.js";
import { type Audit, startAudit } from "./audited-calls.js";
import { commit } from "./commit.js";

/** A call of which the audit log learns, unless it is not audited; and a store that undoes a unit of work twice. */
function start({ audited = true } = {}) {
  const method = { path: "/test.Service/Do" };
  // All that is read of a call.
  const call = { values: new CallValues(), method, peer: "127.0.0.1:1" } as unknown as ServerCall;
  const audit: Audit | undefined = audited ? startAudit(call) : undefined;
  const append = jest.fn(() => Promise.resolve());
  const unit = { audit: { append } } as unknown as Unit; // all that is used of it
  const write: Store["write"] = async (work) => {
    await work(unit);
    await work(unit);
    return work(unit);
  };
  return { call, audit, append, store: { write } };
}

describe("commit", () => {
  test("writes the row in each attempt at the unit of work, with what that attempt did", async () => {
    const { call, audit, append, store } = start();
    let attempts = 0;
    const about = (attempt: number) => ({ subject: `attempt ${String(attempt)}` });
    await expect(commit(store, call, about, () => Promise.resolve(++attempts))).resolves.toBe(3);
    expect(append.mock.calls).toMatchObject([
      [{ subject: "attempt 1" }],
      [{ subject: "attempt 2" }],
      [{ subject: "attempt 3" }],
    ]);
    expect(audit?.isWritten).toBe(true);
  });

  test("says what the call is about before it fails, where that is known", async () => {
    const { call, audit, store } = start();
    const failing = () => Promise.reject(new Error("no"));
    await expect(commit(store, call, { subject: "ann", detail: "why" }, failing)).rejects.toThrow("no");
    expect(audit).toEqual({ isWritten: false, about: { subject: "ann", detail: "why" } });
  });

  test("only does the work of a call that is not audited", async () => {
    const { call, append, store } = start({ audited: false });
    await expect(commit(store, call, { subject: "ann" }, () => Promise.resolve("done"))).resolves.toBe("done");
    expect(append).not.toHaveBeenCalled();
  });
});
