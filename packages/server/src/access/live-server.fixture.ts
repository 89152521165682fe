import { expect } from "@jest/globals";
import { type Caller, setCaller } from "@rollcall/interceptors/server/caller";
import {
  type AccessPolicy,
  byPath,
  type MethodPolicy,
  type ServerInterceptor,
  type ServiceImplementation,
} from "@rollcall/rpc";
import { createFakeClock, createPingService, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { eventually } from "../storage/eventually.fixture.js";
import { type LiveAuthorizationOptions, liveAuthorization, renewCaller } from "./live-authorization.js";

/** When the tests of running calls begin. */
export const startMs = Date.UTC(2030, 0, 1);

/** Who makes calls whose metadata do not name another session. */
export const ann: Caller = { subject: "ann", roles: ["reader"], credential: "token", credentialId: "session-1" };

export interface LiveServerOptions extends Pick<Partial<LiveAuthorizationOptions>, "verify"> {
  readonly caller?: Caller | undefined;
  readonly access?: AccessPolicy | undefined;
  readonly maxDeadlineMs?: number | undefined;
}

export type LiveServer = Awaited<ReturnType<typeof startLiveServer>>;

/**
 * A server whose streams go on until they are ended. Its Echo takes every text for a token to be renewed with, and answers
 * when that has been done.
 */
export async function startLiveServer({ caller = ann, access, maxDeadlineMs, verify }: LiveServerOptions = {}) {
  const clock = createFakeClock(startMs);
  const revoked = new Set<string | undefined>();
  const listeners: (() => void)[] = [];
  const running: string[] = [];
  const policy: MethodPolicy = {
    access: access ?? { kind: "authenticated", roles: ["reader"] },
    audit: false,
    ...(maxDeadlineMs === undefined ? {} : { maxDeadlineMs }),
  };
  const identify: ServerInterceptor = () => (call, next) => {
    setCaller(call, { ...caller, credentialId: call.metadata.get("session") ?? caller.credentialId });
    return next();
  };
  const noteRunning: ServerInterceptor = () => async (call, next) => {
    const session = call.metadata.get("session") ?? "session-1";
    running.push(session);
    await next().finally(() => running.splice(running.indexOf(session), 1));
  };
  const server = await startTestServer(PingServiceDefinition, service, {
    interceptors: [
      identify,
      liveAuthorization({
        policies: byPath(PingServiceDefinition, { ping: policy, count: policy, collect: policy, echo: policy }),
        revocations: {
          isRevoked: ({ credentialId }) => revoked.has(credentialId),
          onRevoked: (listener) => listeners.push(listener),
        },
        verify: verify ?? (() => Promise.reject(new Error("the signature is wrong"))),
        now: clock.now,
        sleep: clock.sleep,
      }),
      noteRunning,
    ],
  });
  return {
    ...server,
    clock,
    /** The sessions of the calls that run. */
    running,
    /** Revokes a session, and tells whoever listens. */
    revoke(session: string) {
      revoked.add(session);
      listeners.forEach((listener) => {
        listener();
      });
    },
    /** Revokes a session of which nobody has been told yet. */
    revokeSilently(session: string) {
      revoked.add(session);
    },
    /** Resolves as soon as calls of these sessions run. */
    runs: (...sessions: readonly string[]) =>
      eventually(async () => {
        expect(running).toEqual(expect.arrayContaining([...sessions]));
      }),
  };
}

const service: ServiceImplementation<PingServiceDefinition> = {
  ...createPingService(),
  async *count(_request, { signal }) {
    yield { number: 1, padding: new Uint8Array() };
    await new Promise((resolve) => {
      signal.addEventListener("abort", resolve);
    });
  },
  async *echo(requests, call) {
    for await (const { text } of requests) {
      if (text !== "") {
        await renewCaller(call, text);
      }
      yield { text: "go on" };
    }
  },
};
