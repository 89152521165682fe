/**
 * The roles that a token's claims give its bearer. The claim of exactly this name holds them, or else the one at the end
 * of the path that the name is: `realm_access.roles` is `roles` within `realm_access`. Without the claim there are none.
 *
 * @throws TypeError for a claim that is no list of texts.
 */
export function rolesInClaim(claims: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const roles = ownValue(claims, name) ?? name.split(".").reduce<unknown>(ownValue, claims) ?? [];
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === "string")) {
    throw new TypeError("the token's claim with the roles is no list of texts");
  }
  return roles;
}

function ownValue(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name] // it has the property, whatever that holds
    : undefined;
}
