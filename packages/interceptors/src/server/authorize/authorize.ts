import {
  type AccessPolicy,
  type InterceptedServerCall,
  type Layer,
  type Method,
  type MethodPolicy,
  type ServerInterceptor,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { type Caller, callerOf } from "../caller.js";

/** Who may call what, and what the others are told. */
export interface AuthorizeOptions {
  /** What each method asks of its callers, by its path. */
  readonly policies: ReadonlyMap<string, MethodPolicy>;
  /** Who gives the reason to the client: the domain of the `google.rpc.ErrorInfo`, such as the product's name. */
  readonly domain: string;
  /** The reason for calls without a caller. Defaults to `CREDENTIALS_REQUIRED`. */
  readonly requiredReason?: string | undefined;
  /** The reason for callers who may not. Defaults to `PERMISSION_DENIED`. */
  readonly deniedReason?: string | undefined;
  /**
   * Whether a method without a policy is an error when its service is bound. Otherwise nobody may call it. Defaults to false.
   */
  readonly strict?: boolean | undefined;
}

type SelfPolicy = Extract<AccessPolicy, { kind: "self" }>;
type ServerLayer = Layer<InterceptedServerCall>;

/**
 * Lets only those call a method whom its policy names. Nobody known as the caller: `UNAUTHENTICATED`; somebody else:
 * `PERMISSION_DENIED`. The handler does not run then, and learns of no message that its caller may not send. A method
 * without a policy is nobody's to call.
 *
 * Put it after `auth`, which finds out who calls.
 *
 * @throws TypeError when the service is bound, for a policy that names a field which holds no text, and with `strict` for a
 * method without a policy.
 */
export function authorize(options: AuthorizeOptions): ServerInterceptor {
  return withConcern("authorize", (method) => {
    const access = options.policies.get(method.path)?.access;
    switch (access?.kind) {
      case undefined:
        return nobody(method, options);
      case "public":
        return undefined;
      case "authenticated":
        return anyCaller(access.roles, options);
      case "self":
        return callerThemself(method, access, options);
    }
  });
}

function nobody({ path }: Method, options: AuthorizeOptions): ServerLayer {
  if (options.strict === true) {
    throw new TypeError(`${path} has no policy; say who may call it`);
  }
  return async function authorize() {
    throw denied(options);
  };
}

function anyCaller(roles: readonly string[], options: AuthorizeOptions): ServerLayer {
  return async function authorize(call, next) {
    const caller = knownCaller(call, options);
    if (roles.length > 0 && !hasAny(caller, roles)) {
      throw denied(options);
    }
    await next();
  };
}

function callerThemself(method: Method, { subjectField, roles }: SelfPolicy, options: AuthorizeOptions): ServerLayer {
  checkField(method, subjectField);
  const isAbout = (caller: Caller, request: unknown) =>
    // Every message of the method's type has the field.
    caller.subject !== "" && (request as Readonly<Record<string, unknown>>)[subjectField] === caller.subject;
  if (!method.requestStream) {
    return async function authorize(call, next) {
      const caller = knownCaller(call, options);
      if (!hasAny(caller, roles) && !isAbout(caller, call.request)) {
        throw denied(options);
      }
      await next();
    };
  }
  return async function authorize(call, next) {
    const caller = knownCaller(call, options);
    if (!hasAny(caller, roles)) {
      call.onRequest((request) => {
        if (!isAbout(caller, request)) {
          const error = denied(options);
          call.abort(error); // a handler that catches what its requests throw does not get away with it
          throw error;
        }
      });
    }
    await next();
  };
}

function checkField({ path, requestType }: Method, field: string): void {
  // A message with every field at its default is an object of them.
  const empty = requestType.fromPartial({}) as Readonly<Record<string, unknown>>;
  if (typeof empty[field] !== "string") {
    throw new TypeError(`the policy of ${path} names the field ${JSON.stringify(field)}; its request has no such text`);
  }
}

function hasAny(caller: Caller, roles: readonly string[]): boolean {
  return roles.some((role) => caller.roles.includes(role));
}

function knownCaller(call: InterceptedServerCall, { domain, requiredReason }: AuthorizeOptions): Caller {
  const caller = callerOf(call);
  if (caller !== undefined) {
    return caller;
  }
  const errorInfo = { reason: requiredReason ?? "CREDENTIALS_REQUIRED", domain, metadata: {} };
  const details = "this method needs credentials; sign in first";
  throw new StatusError(Status.UNAUTHENTICATED, details, { errorDetails: { errorInfo } });
}

function denied({ domain, deniedReason = "PERMISSION_DENIED" }: AuthorizeOptions): StatusError {
  const errorDetails = { errorInfo: { reason: deniedReason, domain, metadata: {} } };
  return new StatusError(Status.PERMISSION_DENIED, "you may not do this", { errorDetails });
}
