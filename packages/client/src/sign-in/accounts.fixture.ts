import { createHash, randomUUID } from "node:crypto";
import type { AuthServiceDefinition, LoginResponse, Tokens } from "@rollcall/contracts/user/v1/auth_service";
import { User } from "@rollcall/contracts/user/v1/user";
import { errors } from "@rollcall/contracts/user/v1/error_reason.errors";
import { callerOf } from "@rollcall/interceptors/server/caller";
import type { ServiceImplementation } from "@rollcall/rpc";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

/** AuthService with one account, in memory. */
export interface Accounts {
  readonly service: ServiceImplementation<AuthServiceDefinition>;
  readonly jwk: JWK;
  readonly email: string;
  /** The password that counts at the moment. */
  password: string;
  /** An API key that counts. */
  readonly key: string;
  /** Begins a session with the password that counts. */
  readonly logIn: () => Promise<LoginResponse>;
  /** Every token that was issued. */
  readonly issued: Tokens[];
  readonly isRevoked: (session: string) => boolean;
  /** Ends all sessions, as an administrator would. */
  readonly endSessions: () => void;
}

/**
 * Makes the account.
 *
 * @param accessTokenS - How long access tokens last, in seconds.
 */
export async function createAccounts(accessTokenS: number): Promise<Accounts> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const user = User.fromPartial({ id: "ada", name: "Ada", email: "ada@example.com" });
  const refreshTokens = new Map<string, string>(); // their sessions
  const live = new Set<string>();

  async function issue(session: string): Promise<Tokens> {
    const accessToken = await new SignJWT({ roles: ["admin"], sid: session })
      .setProtectedHeader({ alg: "ES256", kid: "1" })
      .setSubject(user.id)
      .setIssuer("rollcall")
      .setAudience("rollcall")
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${accessTokenS}s`)
      .sign(privateKey);
    const refreshToken = `rcr_${randomUUID()}`;
    refreshTokens.set(refreshToken, session);
    const [accessTokenExpiresAt, refreshTokenExpiresAt] = [new Date(), new Date(Date.now() + 86_400_000)];
    const tokens = { accessToken, accessTokenExpiresAt, refreshToken, refreshTokenExpiresAt };
    accounts.issued.push(tokens);
    return tokens;
  }

  async function begin(): Promise<Tokens> {
    const session = randomUUID();
    live.add(session);
    return issue(session);
  }

  const unused = () => {
    throw new Error("no test calls this");
  };
  const accounts: Accounts = {
    jwk: { ...(await exportJWK(publicKey)), kid: "1", alg: "ES256" },
    email: user.email,
    password: "correct horse battery",
    key: "rck_of-a-service",
    logIn: async () => ({ user, tokens: await begin() }),
    issued: [],
    isRevoked: (session) => !live.has(session),
    endSessions: () => {
      live.clear();
    },
    service: {
      async login({ email, password }) {
        if (email !== user.email || password !== accounts.password) {
          throw errors.invalidCredentials();
        }
        return accounts.logIn();
      },
      async refreshToken({ refreshToken }) {
        const session = refreshTokens.get(refreshToken) ?? "";
        refreshTokens.delete(refreshToken);
        if (!live.has(session)) {
          throw errors.credentialsRejected();
        }
        return { tokens: await issue(session) };
      },
      async logout(_request, call) {
        live.delete(callerOf(call)?.credentialId ?? "");
        return {};
      },
      async changePassword({ newPassword }) {
        accounts.password = newPassword;
        live.clear();
        return { tokens: await begin() };
      },
      register: async () => {
        throw errors.registrationClosed();
      },
      createApiKey: unused,
      listApiKeys: unused,
      revokeApiKey: unused,
      listAuditEvents: async () => ({ events: [], nextPageToken: "" }),
    },
  };
  return accounts;
}

/** What a server keeps of an API key. */
export function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
