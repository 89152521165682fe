import type { InterceptedServerCall, MethodPolicy } from "@rollcall/rpc";

/** Ids of users and keys. What else comes in their place is no use to anybody, and could be long. */
const idPattern = /^[\x21-\x7e]{1,64}$/;

/**
 * Whom a request is about, for calls that their handler never learns of: the field that the policy names, or else `id`.
 * Empty where there is none, or no id in it.
 */
export function requestSubject({ request }: Pick<InterceptedServerCall, "request">, { access }: MethodPolicy): string {
  const field = access.kind === "self" ? access.subjectField : "id";
  const id =
    typeof request === "object" && request !== null && field in request
      ? (request as Readonly<Record<string, unknown>>)[field] // a message is an object of its fields
      : undefined;
  return typeof id === "string" && idPattern.test(id) ? id : "";
}
