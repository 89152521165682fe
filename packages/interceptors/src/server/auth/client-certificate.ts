import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Caller } from "../caller.js";
import { type CertificateIdentity, readCertificate } from "./certificate-identity.js";
import { checkNumbers } from "./check-numbers.js";
import type { CredentialSource } from "./credential-source.js";

/** Whom certificates stand for. */
export interface ClientCertificateOptions {
  /**
   * Whom a certificate stands for, such as by a table of its names; undefined leaves the call to the next source. Asked for
   * every call, so what it says counts at once.
   */
  readonly identify: (identity: CertificateIdentity) => Pick<Caller, "subject" | "roles"> | undefined;
  /** How many certificates are kept as they were read. Defaults to 1,000. */
  readonly cacheMax?: number | undefined;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * The certificate that the client showed when it connected (mutual TLS). The server's TLS has verified it before any call
 * arrives; that its time has not run out meanwhile is checked here.
 *
 * @throws TypeError for a number that is not above 0.
 */
export function clientCertificate({
  identify,
  cacheMax = 1_000,
  now = Date.now,
}: ClientCertificateOptions): CredentialSource {
  checkNumbers({ cacheMax });
  const identities = new LRUCache<string, CertificateIdentity>({ max: cacheMax });

  const identityOf = (der: Uint8Array): CertificateIdentity => {
    const digest = hash("sha256", der);
    const known = identities.get(digest);
    const identity = known ?? readCertificate(der);
    if (known === undefined) {
      identities.set(digest, identity);
    }
    return identity;
  };

  return function clientCertificate({ connection }) {
    const { encrypted, clientCertificate: der } = connection;
    if (!encrypted || der === undefined) {
      return undefined;
    }
    const identity = identityOf(der);
    const found = identify(identity);
    if (found === undefined) {
      return undefined;
    }
    const { fingerprint: credentialId, validFrom, validTo: expiresAt } = identity;
    if (now() < validFrom.getTime() || now() >= expiresAt.getTime()) {
      throw new Error("the certificate's time has run out, or has not begun");
    }
    return { ...found, credential: "certificate", credentialId, expiresAt };
  };
}
