import {
  type Layer,
  type InterceptedServerCall,
  type Method,
  type RequestOf,
  type ServerInterceptor,
  type ServiceDefinition,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { type Violation, violationsOf } from "@rollcall/rpc/validation";
import { withConcern } from "../../concern.js";
import { checkMessages } from "../check-messages.js";
import { type FieldViolation, reportViolations } from "./violation-report.js";

export { type FieldViolation, reportViolations, type ViolationReport } from "./violation-report.js";

/** A schema of a request, as it is generated from the rules in a proto. */
export type RequestSchema = Parameters<typeof violationsOf>[0];

/** What the schema of a request cannot say of it. */
export interface RequestRules<Request = never> {
  /** Changes a request before it is checked, to drop white space around a name, say. */
  readonly prepare?: ((request: Request) => void) | undefined;
  /** What is wrong with a request beyond what its schema finds. */
  readonly alsoWrong?: ((request: Request) => readonly FieldViolation[]) | undefined;
  /** The path of a message of a stream, which begins those of its fields: `users[17]`. Without it they stand alone. */
  readonly fieldPrefix?: ((index: number) => string) | undefined;
}

/** Rules for the requests of some methods of a service. */
export type RequestRulesTable<S extends ServiceDefinition> = {
  readonly [Name in keyof S["methods"]]?: RequestRules<RequestOf<S["methods"][Name]>>;
};

/** Which requests are valid, and what is said of the others. */
export interface ValidateOptions {
  /** The schema of each request message by the path of the method: `byPath(definition, requestSchemas)`. */
  readonly schemas: ReadonlyMap<string, RequestSchema>;
  /** Who gives the reason to the client: the domain of the `google.rpc.ErrorInfo`, such as the product's name. */
  readonly domain: string;
  /** The reason that programs see in the `google.rpc.ErrorInfo`. Defaults to `INVALID_REQUEST`. */
  readonly reason?: string | undefined;
  /** What is to be heeded beside the schemas, by the path of the method. Nothing by default. */
  readonly also?: ReadonlyMap<string, RequestRules> | undefined;
}

type Check = (request: unknown, index: number) => StatusError | undefined;

const none: readonly FieldViolation[] = [];

/**
 * Ends calls whose request breaks a rule of the contract with `INVALID_ARGUMENT`, before their handler runs. Of a
 * stream, no message from the first wrong one on gets to the handler. The `google.rpc.BadRequest` names each wrong field, up to
 * fifty, with the id of the rule that it breaks; the whole fits into the 8 KiB of trailers that clients accept.
 *
 * Put it after whatever decides who may call, so that nobody else learns of rules.
 */
export function validate(options: ValidateOptions): ServerInterceptor {
  return withConcern("validate", (method) => {
    const check = createCheck(method, options);
    return check && (method.requestStream ? eachMessage(check) : oneMessage(check));
  });
}

function oneMessage(check: Check): Layer<InterceptedServerCall> {
  return async function validate(call, next) {
    const error = check(call.request, 0);
    if (error !== undefined) {
      throw error;
    }
    await next();
  };
}

function eachMessage(check: Check): Layer<InterceptedServerCall> {
  return async function validate(call, next) {
    let index = 0;
    await checkMessages(call, next, (message) => check(message, index++));
  };
}

/** What finds the error for a request; undefined where nothing can be wrong with it. */
function createCheck({ path }: Method, options: ValidateOptions): Check | undefined {
  const schema = options.schemas.get(path);
  const { prepare, alsoWrong, fieldPrefix } = options.also?.get(path) ?? {};
  if (schema === undefined && prepare === undefined && alsoWrong === undefined) {
    return undefined;
  }
  return (request, index) => {
    const message = request as never; // the rules are for the messages of this method, and so is this one
    prepare?.(message);
    const error = schema?.safeParse(request).error;
    const others = alsoWrong === undefined ? none : alsoWrong(message);
    if (error === undefined && others.length === 0) {
      return undefined;
    }
    const broken = schema && error ? violationsOf(schema, error, request).map(describe) : none;
    return invalidRequest(within(fieldPrefix?.(index), [...broken, ...others]), options);
  };
}

function within(prefix: string | undefined, violations: readonly FieldViolation[]): readonly FieldViolation[] {
  return prefix === undefined
    ? violations
    : violations.map((violation) => ({ ...violation, field: `${prefix}.${violation.field}` }));
}

function describe({ field, message, ruleId, forKey }: Violation): FieldViolation {
  return { field: shortenKeys(field), description: forKey ? `key ${message}` : message, rule: ruleId };
}

/** Keys of maps are cut after 64 characters, so that the path beyond them can be read. */
function shortenKeys(field: string): string {
  return field.replaceAll(/\["((?:[^"\\]|\\.){64})(?:[^"\\]|\\.)+"\]/gu, '["$1…"]');
}

function invalidRequest(
  violations: readonly FieldViolation[],
  { domain, reason = "INVALID_REQUEST" }: ValidateOptions,
): StatusError {
  const { summary, badRequest } = reportViolations(violations);
  const errorDetails = { errorInfo: { reason, domain, metadata: {} }, badRequest };
  return new StatusError(Status.INVALID_ARGUMENT, summary, { errorDetails });
}
