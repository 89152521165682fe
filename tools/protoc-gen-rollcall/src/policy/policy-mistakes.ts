import { ScalarType } from "@bufbuild/protobuf";
import type { DescField, DescMessage, DescMethod } from "@bufbuild/protobuf";
import { FieldDescriptorProto_Label } from "@bufbuild/protobuf/wkt";
import type { Problem } from "../problem.js";
import type { DeclaredPolicy, DeclaredRateLimit } from "./declared-policy.js";

/** What is wrong and what to write instead. */
export type Mistake = Pick<Problem, "problem" | "instead">;

/** Lists what is wrong with the policy of an RPC. */
export function findPolicyMistakes(method: DescMethod, policy: DeclaredPolicy): readonly Mistake[] {
  return [
    ...accessMistakes(method, policy),
    ...roleMistakes(policy),
    ...deadlineMistakes(policy),
    ...(policy.rateLimit === undefined ? [] : rateLimitMistakes(policy, policy.rateLimit)),
    ...(policy.idempotencyKey === "" ? [] : fieldMistakes(method.input, "idempotency_key", policy.idempotencyKey)),
  ];
}

function accessMistakes(method: DescMethod, { access, subjectField }: DeclaredPolicy): readonly Mistake[] {
  if (access === "" || access === "ACCESS_UNSPECIFIED") {
    const choices = "ACCESS_PUBLIC, ACCESS_AUTHENTICATED or ACCESS_SELF";
    return [mistake("the policy does not say who may call", `write access: ${choices}`)];
  }
  if (access !== "ACCESS_SELF") {
    const problem = `subject_field ${quote(subjectField)} means nothing under ${access}`;
    return subjectField === "" ? [] : [mistake(problem, "remove it, or write access: ACCESS_SELF")];
  }
  if (isRequestStream(method)) {
    const problem = "ACCESS_SELF is on an RPC with a stream of requests, which may be about many users";
    return [mistake(problem, "write ACCESS_AUTHENTICATED and check each message in the service")];
  }
  if (subjectField === "") {
    return [mistake("ACCESS_SELF needs a subject_field", "name the field of the request that holds the user's id")];
  }
  return fieldMistakes(method.input, "subject_field", subjectField);
}

function isRequestStream({ methodKind }: DescMethod): boolean {
  return methodKind === "client_streaming" || methodKind === "bidi_streaming";
}

/** The fields that a policy names are strings of the request itself that are never absent, so that nothing is guessed. */
function fieldMistakes(request: DescMessage, option: string, name: string): readonly Mistake[] {
  const field = request.fields.find((candidate) => candidate.name === name);
  const instead = `name a string field of ${request.typeName}${listNames(request.fields.filter(isPlainString))}`;
  if (field === undefined) {
    return [mistake(`${option} ${quote(name)} is not a field of ${request.typeName}`, instead)];
  }
  return isPlainString(field) ? [] : [mistake(`${option} ${quote(name)} is not a plain string field`, instead)];
}

function isPlainString({ fieldKind, scalar, oneof, proto }: DescField): boolean {
  const single = fieldKind === "scalar" && proto.label !== FieldDescriptorProto_Label.REPEATED;
  return single && scalar === ScalarType.STRING && oneof === undefined && !proto.proto3Optional;
}

function listNames(fields: readonly DescField[]): string {
  return fields.length === 0 ? "; it has none" : `: ${fields.map(({ name }) => name).join(", ")}`;
}

function roleMistakes({ access, roles }: DeclaredPolicy): readonly Mistake[] {
  if (access === "ACCESS_PUBLIC" && roles.length > 0) {
    const problem = `roles ${roles.map(quote).join(", ")} are on an RPC that anybody may call`;
    return [mistake(problem, "remove them, or write access: ACCESS_AUTHENTICATED")];
  }
  const wrong = roles.find((role, index) => role === "" || roles.indexOf(role) !== index);
  return wrong === undefined ? [] : [mistake(`role ${quote(wrong)} is empty or given twice`, "remove it")];
}

function deadlineMistakes({ defaultDeadlineMs, maxDeadlineMs }: DeclaredPolicy): readonly Mistake[] {
  const wrong = [
    ...durationMistakes("default_deadline", defaultDeadlineMs),
    ...durationMistakes("max_deadline", maxDeadlineMs),
  ];
  if (wrong.length > 0 || maxDeadlineMs === undefined) {
    return wrong;
  }
  if (defaultDeadlineMs === undefined) {
    return [mistake("max_deadline binds nobody who brings no deadline", "write a default_deadline beside it")];
  }
  const problem = `default_deadline of ${seconds(defaultDeadlineMs)} is above max_deadline of ${seconds(maxDeadlineMs)}`;
  return defaultDeadlineMs > maxDeadlineMs ? [mistake(problem, `write at most ${seconds(maxDeadlineMs)}`)] : [];
}

function durationMistakes(name: string, durationMs: number | undefined): readonly Mistake[] {
  const right = durationMs === undefined || (Number.isInteger(durationMs) && durationMs > 0);
  return right ? [] : [mistake(`${name} is ${seconds(durationMs)}`, "write whole milliseconds, above 0")];
}

function rateLimitMistakes({ access }: DeclaredPolicy, limit: DeclaredRateLimit): readonly Mistake[] {
  const mistakes = [...durationMistakes("rate_limit.per", limit.perMs)];
  if (limit.requests === 0) {
    mistakes.push(mistake("rate_limit.requests is 0", "write how many requests are let through, above 0"));
  } else if (limit.cost > limit.requests) {
    const problem = `rate_limit.cost of ${limit.cost} is above the ${limit.requests} that may be spent`;
    mistakes.push(mistake(problem, `write at most ${limit.requests}`));
  }
  if (limit.key === "" || limit.key === "RATE_LIMIT_KEY_UNSPECIFIED") {
    const instead = "write key: RATE_LIMIT_KEY_SUBJECT or RATE_LIMIT_KEY_PEER";
    mistakes.push(mistake("rate_limit does not say whose calls count together", instead));
  } else if (limit.key === "RATE_LIMIT_KEY_SUBJECT" && access === "ACCESS_PUBLIC") {
    const problem = "RATE_LIMIT_KEY_SUBJECT counts by user, and callers of a public RPC have none";
    mistakes.push(mistake(problem, "write key: RATE_LIMIT_KEY_PEER"));
  }
  return mistakes;
}

function mistake(problem: string, instead: string): Mistake {
  return { problem, instead };
}

function seconds(durationMs: number): string {
  return `${durationMs / 1_000} s`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
