import { X509Certificate } from "node:crypto";
import { parseSubjectAltNames, type SubjectAltName } from "./subject-alt-names.js";

/** Whom a certificate was issued to. */
export interface CertificateIdentity {
  /** The names it was issued for, such as `URI` `spiffe://example.com/billing`. */
  readonly subjectAltNames: readonly SubjectAltName[];
  /** The SHA-256 of the certificate, as 64 hexadecimal digits in upper case. */
  readonly fingerprint: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

/**
 * Reads a certificate. Its subject (`CN=…`) is left out: the text that Node makes of it can be forged, and names stand in
 * `subjectAltName` since RFC 6125.
 *
 * @param der - The certificate as DER (RFC 5280).
 * @throws Error for bytes that are no certificate.
 */
export function readCertificate(der: Uint8Array): CertificateIdentity {
  const certificate = new X509Certificate(der);
  return {
    subjectAltNames: parseSubjectAltNames(certificate.subjectAltName ?? ""),
    fingerprint: certificate.fingerprint256.replaceAll(":", ""),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
  };
}
