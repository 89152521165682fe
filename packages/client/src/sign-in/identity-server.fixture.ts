import { AuthServiceDefinition } from "@rollcall/contracts/user/v1/auth_service";
import { authServicePolicies } from "@rollcall/contracts/user/v1/auth_service.policy";
import { type ChatMessage, ChatMessageKind } from "@rollcall/contracts/user/v1/user";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { userServicePolicies } from "@rollcall/contracts/user/v1/user_service.policy";
import { apiKey, auth, bearerToken, createKeySet, createTokenVerifier } from "@rollcall/interceptors/server/auth";
import { authorize } from "@rollcall/interceptors/server/authorize";
import { callerOf } from "@rollcall/interceptors/server/caller";
import { policiesByPath, type ServerCall, type ServerInterceptor, type ServiceImplementation } from "@rollcall/rpc";
import { bindService, createServer, listen, shutDown } from "@rollcall/rpc/grpc";
import { createAccounts, type Accounts, hashOf } from "./accounts.fixture.js";

/** A small server that issues tokens and asks for them. */
export interface IdentityServer extends AsyncDisposable {
  readonly address: string;
  readonly accounts: Accounts;
  /** The names of the methods that were called, in order, refused calls included. */
  readonly calls: string[];
  /** Who made the calls of UserService that were let in. */
  readonly callers: string[];
  /** The tokens that chats were renewed with. */
  readonly renewals: string[];
  /** What the next call of a method ends with, by its name; once each. */
  readonly failures: Map<string, Error>;
  stop(): Promise<void>;
}

export interface IdentityServerOptions {
  /** How long access tokens say that they last. They count for longer. Defaults to ten minutes. */
  readonly accessTokenS?: number;
}

/** Starts one on a free port, with one account. */
export async function startIdentityServer({ accessTokenS = 600 }: IdentityServerOptions = {}): Promise<IdentityServer> {
  const accounts = await createAccounts(accessTokenS);
  const [calls, callers, renewals]: [string[], string[], string[]] = [[], [], []];
  const failures = new Map<string, Error>();
  const note: ServerInterceptor =
    ({ name }) =>
    async (_call, next) => {
      calls.push(name);
      const failure = failures.get(name);
      failures.delete(name);
      if (failure !== undefined) {
        throw failure;
      }
      await next();
    };
  const server = createServer();
  const interceptors = [note, ...access(accounts)];
  for (const { service, handlers } of [
    bindService(AuthServiceDefinition, accounts.service, { interceptors }),
    bindService(UserServiceDefinition, emptyAnswers(callers, renewals), { interceptors }),
  ]) {
    server.addService(service, handlers);
  }
  const { port } = await listen(server, "127.0.0.1:0");
  const stop = async () => {
    await shutDown(server, 0);
  };
  const address = `127.0.0.1:${port}`;
  return { address, accounts, calls, callers, renewals, failures, stop, [Symbol.asyncDispose]: stop };
}

function access({ jwk, isRevoked, key }: Accounts): readonly ServerInterceptor[] {
  const policies = new Map([
    ...policiesByPath(UserServiceDefinition, userServicePolicies),
    ...policiesByPath(AuthServiceDefinition, authServicePolicies),
  ]);
  const keys = createKeySet({ keys: [jwk] });
  const rules = { issuer: "rollcall", audience: "rollcall", clockToleranceMs: 3_600_000 };
  const verifier = createTokenVerifier({
    ...rules,
    keys,
    isRevoked: ({ credentialId = "" }) => isRevoked(credentialId),
  });
  const lookup = (sha256: string) =>
    sha256 === hashOf(key) ? { subject: "service", roles: ["admin"], credential: "apiKey" as const } : undefined;
  return [
    auth({ policies, sources: [bearerToken(verifier), apiKey({ lookup })], domain: "rollcall" }),
    authorize({ policies, domain: "rollcall" }),
  ];
}

/** Answers every method with an empty message, except that a chat answers what it is told. */
function emptyAnswers(callers: string[], renewals: string[]): ServiceImplementation<UserServiceDefinition> {
  const handlers = Object.entries(UserServiceDefinition.methods).map(([name, { responseType, responseStream }]) => {
    const answer = (call: ServerCall) => {
      callers.push(callerOf(call)?.subject ?? "nobody");
      return responseType.fromPartial({});
    };
    async function* stream(_request: unknown, call: ServerCall) {
      yield answer(call);
    }
    return [name, responseStream ? stream : async (_request: unknown, call: ServerCall) => answer(call)] as const;
  });
  // A handler for each method, made of its own response type.
  const all = Object.fromEntries<unknown>(handlers) as ServiceImplementation<UserServiceDefinition>;
  return {
    ...all,
    chat(requests, call) {
      callers.push(callerOf(call)?.subject ?? "nobody");
      return echo(requests, renewals);
    },
  };
}

async function* echo(requests: AsyncIterable<ChatMessage>, renewals: string[]): AsyncGenerator<ChatMessage, void> {
  for await (const message of requests) {
    if (message.kind === ChatMessageKind.CHAT_MESSAGE_KIND_RENEW) {
      renewals.push(message.accessToken);
    } else {
      yield message;
    }
  }
}
