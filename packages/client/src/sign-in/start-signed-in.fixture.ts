import { createRollcallClient, type RollcallClient, type RollcallClientOptions } from "../rollcall-client.js";
import { type Credentials, password } from "./credentials.js";
import { type IdentityServer, type IdentityServerOptions, startIdentityServer } from "./identity-server.fixture.js";

/** A client, and a server that knows one account. */
export interface SignedIn extends AsyncDisposable {
  readonly server: IdentityServer;
  readonly client: RollcallClient;
}

/** What a client of this server shows. */
export type CredentialsOf = (server: IdentityServer) => Credentials | undefined;

/** The password that counts. */
export function byPassword({ accounts: { email, password: secret } }: IdentityServer): Credentials {
  return password({ email, password: secret });
}

/** A password that does not. */
export function byWrongPassword({ accounts: { email } }: IdentityServer): Credentials {
  return password({ email, password: "wrong horse" });
}

/** Starts both. */
export async function startSignedIn(
  credentials: CredentialsOf,
  options: IdentityServerOptions & Partial<RollcallClientOptions> = {},
): Promise<SignedIn> {
  const { accessTokenS = 600, ...clientOptions } = options;
  const server = await startIdentityServer({ accessTokenS });
  const client = createRollcallClient({ address: server.address, auth: credentials(server), ...clientOptions });
  return {
    server,
    client,
    async [Symbol.asyncDispose]() {
      client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** A call that needs credentials. */
export function getUser({ users }: RollcallClient): Promise<unknown> {
  return users.getUser({ id: "1" });
}

/** How often a method was called. */
export function count({ calls }: IdentityServer, name: string): number {
  return calls.filter((called) => called === name).length;
}
