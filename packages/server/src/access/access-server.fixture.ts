import type { TokenVerifier } from "@rollcall/interceptors/server/auth";
import { type Caller, callerOf } from "@rollcall/interceptors/server/caller";
import { type MethodPolicy, policiesByPath } from "@rollcall/rpc";
import { createPingService, startTestServer, type TestServer, type TestServerOptions } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import type { Store } from "../storage/store.js";
import { type AccessOptions, accessInterceptors } from "./access-interceptors.js";
import type { CertificateRoles } from "./certificate-roles.js";
import { createRevocationFeed } from "./revocation-feed.js";
import { createOwnVerifier, createTestIssuer, type TestIssuer } from "./test-issuer.fixture.js";

export interface AccessServerOptions extends Pick<AccessOptions, "now"> {
  readonly store: Pick<Store, "apiKeys" | "revocations">;
  /** By default no certificate may do anything. */
  readonly certificateRoles?: CertificateRoles | undefined;
  /** Verifies tokens beside the server's own. */
  readonly external?: TokenVerifier | undefined;
  readonly listener?: TestServerOptions["listener"];
  readonly channel?: TestServerOptions["channel"];
}

export interface AccessServer extends TestServer<PingServiceDefinition> {
  /** Issues the tokens that count. */
  readonly issuer: TestIssuer;
  /** The callers of the calls that reached their handler. */
  readonly callers: readonly (Caller | undefined)[];
}

/** Ping is for whoever is signed in, Count for readers, Collect for the user whom each text names, Echo for all. */
const policies: ReadonlyMap<string, MethodPolicy> = policiesByPath(PingServiceDefinition, {
  ping: { access: { kind: "authenticated", roles: [] }, audit: false },
  count: { access: { kind: "authenticated", roles: ["reader"] }, audit: false },
  collect: { access: { kind: "self", subjectField: "text", roles: ["admin"] }, audit: false },
  echo: { access: { kind: "public" }, audit: false },
});

/** A server that finds out who calls it from all that it is given, as the real one does. */
export async function startAccessServer(options: AccessServerOptions): Promise<AccessServer> {
  const { store, external, certificateRoles = new Map(), now, listener, channel } = options;
  const issuer = await createTestIssuer();
  const ending = new AbortController();
  const revocations = createRevocationFeed({ store, tokenLifetimeMs: 600_000, signal: ending.signal });
  const verifiers = [createOwnVerifier(issuer), ...(external === undefined ? [] : [external])];
  const callers: (Caller | undefined)[] = [];
  const server = await startTestServer(PingServiceDefinition, createPingService(), {
    interceptors: [
      ...accessInterceptors({ policies, store, revocations, verifiers, certificateRoles, now }),
      () => (call, next) => {
        callers.push(callerOf(call));
        return next();
      },
    ],
    listener,
    channel,
  });
  return {
    ...server,
    issuer,
    callers,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      ending.abort();
      await revocations.ended;
    },
  };
}
