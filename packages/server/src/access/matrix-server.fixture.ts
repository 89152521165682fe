import {
  type CallOptions,
  createClient,
  type ServiceDefinition,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { bindService, createChannel, createServer, listen, shutDown } from "@rollcall/rpc/grpc";
import { type ContractMethod, policies, services } from "../contract-services.fixture.js";
import { errorOf } from "../services/status.fixture.js";
import type { Store } from "../storage/store.js";
import { accessInterceptors } from "./access-interceptors.js";
import { createRevocationFeed } from "./revocation-feed.js";
import { createOwnVerifier, createTestIssuer, type TestIssuer } from "./test-issuer.fixture.js";

/** Serves every method of the contract with handlers that only note that they were reached. */
export interface MatrixServer extends AsyncDisposable {
  readonly issuer: TestIssuer;
  /** The paths of the methods that were reached, in order. */
  readonly reached: string[];
  /** Makes a call, and gives the error that it ended with. */
  call(method: ContractMethod, request: object, options: CallOptions): Promise<StatusError>;
  /** Resolves when the server knows everything that was revoked so far. */
  catchUp(): Promise<void>;
}

/** What calls end with whose handler was reached. */
export const reachedStatus = { code: Status.UNIMPLEMENTED, details: "reached" } as const;

/** Starts it on a store, in which a test then makes callers. */
export async function startMatrixServer(store: Store): Promise<MatrixServer> {
  const issuer = await createTestIssuer();
  const ending = new AbortController();
  const revocations = createRevocationFeed({ store, tokenLifetimeMs: 600_000, signal: ending.signal });
  const verifiers = [createOwnVerifier(issuer)];
  const interceptors = accessInterceptors({ policies, store, revocations, verifiers, certificateRoles: new Map() });
  const reached: string[] = [];
  const server = createServer();
  for (const service of services) {
    const bound = bindService(service, handlersOf(service, reached), { interceptors });
    server.addService(bound.service, bound.handlers);
  }
  const { port } = await listen(server, "127.0.0.1:0");
  const channel = createChannel({ address: `127.0.0.1:${port}` });
  return {
    issuer,
    reached,
    catchUp: () => revocations.refresh(),

    call({ service, key, method }, request, options) {
      const client = createClient(service, channel);
      // Any method of a client takes what its definition says, and answers so.
      const make = client[key] as unknown as (
        input: unknown,
        options: CallOptions,
      ) => Promise<unknown> & AsyncIterator<unknown>;
      const answer = make(method.requestStream ? [request] : request, options);
      return errorOf(method.responseStream ? answer.next() : answer);
    },

    async [Symbol.asyncDispose]() {
      channel.close();
      await shutDown(server, 0);
      ending.abort();
      await revocations.ended;
    },
  };
}

function handlersOf(service: ServiceDefinition, reached: string[]): ServiceImplementation<ServiceDefinition> {
  const handlers = Object.entries(service.methods).map(([key, { name, requestStream, responseStream }]) => {
    const reach = async (request: unknown): Promise<never> => {
      if (requestStream) {
        await firstOf(request as AsyncIterable<unknown>); // what the binding gives the handlers of such methods
      }
      reached.push(`/${service.fullName}/${name}`);
      throw new StatusError(reachedStatus.code, reachedStatus.details);
    };
    return [key, responseStream ? (request: unknown) => throwing(reach(request)) : reach] as const;
  });
  // One handler for each method, each of its method's kind.
  return Object.fromEntries(handlers) as unknown as ServiceImplementation<ServiceDefinition>;
}

async function firstOf(requests: AsyncIterable<unknown>): Promise<unknown> {
  for await (const request of requests) {
    return request;
  }
  return undefined;
}

async function* throwing(failure: Promise<never>): AsyncGenerator<never> {
  yield await failure;
}
