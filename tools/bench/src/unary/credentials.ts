import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { tokenClaims, tokenKeyVariable } from "../servers/token-key.js";

/** A token, and what lets servers verify it. */
export interface Credentials {
  readonly token: string;
  /** The environment variables of the servers. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Makes a key of its own, and a token with it for somebody who may read users. */
export async function createCredentials(): Promise<Credentials> {
  const { algorithm, issuer, audience } = tokenClaims;
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const token = await new SignJWT({ roles: ["reader"] })
    .setProtectedHeader({ alg: algorithm, typ: "JWT" })
    .setSubject("0190c2f0-0000-7000-8000-000000000001")
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
  return { token, environment: { [tokenKeyVariable]: JSON.stringify(await exportJWK(publicKey)) } };
}
