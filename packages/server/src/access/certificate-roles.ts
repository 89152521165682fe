import type { SubjectAltName } from "@rollcall/interceptors/server/auth";
import type { Caller } from "@rollcall/interceptors/server/caller";

/** What the names in clients' certificates may do: roles by name, such as `URI:spiffe://example.test/backup`. */
export type CertificateRoles = ReadonlyMap<string, readonly string[]>;

const namePattern = /^(?:DNS|URI|email|IP Address):.+$/;

/**
 * Reads `name=role,role; name=role`, with names as OpenSSL writes them: `DNS:`, `URI:`, `email:` or `IP Address:` and the
 * name itself.
 *
 * @returns undefined for a text of another form
 */
export function parseCertificateRoles(text: string): CertificateRoles | undefined {
  const roles = new Map<string, readonly string[]>();
  for (const entry of text.split(";").filter((part) => part.trim() !== "")) {
    const equalsAt = entry.lastIndexOf("="); // a URI may have others
    const name = entry.slice(0, Math.max(equalsAt, 0)).trim();
    const granted = entry.slice(equalsAt + 1).split(",");
    const trimmed = granted.map((role) => role.trim());
    if (!namePattern.test(name) || trimmed.includes("") || roles.has(name)) {
      return undefined;
    }
    roles.set(name, trimmed);
  }
  return roles;
}

/** Whom a certificate stands for: the first of its names that may do anything. */
export function rolesOfCertificate(
  roles: CertificateRoles,
  names: readonly SubjectAltName[],
): Pick<Caller, "subject" | "roles"> | undefined {
  for (const { type, value } of names) {
    const subject = `${type}:${value}`;
    const granted = roles.get(subject);
    if (granted !== undefined) {
      return { subject, roles: granted };
    }
  }
  return undefined;
}
