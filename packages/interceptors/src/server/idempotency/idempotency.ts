import { setTimeout as delay } from "node:timers/promises";
import { type Method, type MethodPolicy, type ServerInterceptor, Status, StatusError } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { callerOf } from "../caller.js";
import { fingerprintOf } from "./fingerprint-of.js";
import { type Answers, setIdempotentRequest } from "./idempotent-request.js";
import { RunningRequests } from "./running-requests.js";

export { fingerprintOf } from "./fingerprint-of.js";
export {
  type Answers,
  type IdempotentRequest,
  idempotentRequestOf,
  type RequestKey,
  type StoredAnswer,
} from "./idempotent-request.js";

/** Which requests take effect once, and where their answers are. */
export interface IdempotencyOptions {
  /** The policies by the path of the method, as `policiesByPath` answers. The field is the one that `idempotencyKey` names. */
  readonly policies: ReadonlyMap<string, Pick<MethodPolicy, "idempotencyKey">>;
  /** Where the first answers are found, which handlers store. */
  readonly answers: Answers;
  /** Who gives the reason to the client: the domain of the `google.rpc.ErrorInfo`, such as the product's name. */
  readonly domain: string;
  /** The reason for another request under an id that was used before. Defaults to `REQUEST_ID_REUSED`. */
  readonly reason?: string | undefined;
  /**
   * Tells a request from others under its id; it is stored. Defaults to {@link fingerprintOf}, a plain digest: give another
   * one where a request holds what is easily guessed, such as a password.
   */
  readonly fingerprint?: ((request: unknown, method: Method) => string | Promise<string>) | undefined;
  /**
   * How long a request waits for an equal one that this process is at, in milliseconds, before it runs all the same.
   * Defaults to 10,000.
   */
  readonly maxWaitMs?: number | undefined;
  /** Waits for a time, or until the signal is aborted. Defaults to a timer. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

const longestTimerMs = 2 ** 31 - 1;
const maxToldCharacters = 64;

/**
 * Makes unary calls safe to repeat where the method's policy names the field of the request that holds an id. The same
 * request from the same caller under the same id gets the first answer again, and the handler does not run; one that comes
 * while the first is under way waits for it. Another request under the id ends with `INVALID_ARGUMENT`. A request whose
 * field is empty takes effect each time.
 *
 * The handler takes {@link idempotentRequestOf} its call and stores it with its answer in the transaction of its effect.
 * What is stored so has happened, what is not has not, also after a crash; nothing is written afterwards. Of equal requests
 * to several processes only the store knows: it must let one of them commit alone.
 *
 * Put it innermost, after `validate`, so that ids are of bounded length.
 *
 * @see https://google.aip.dev/155
 * @throws TypeError for a wait that no timer takes, and when the service is bound, for a policy that names a field which
 *   holds no text.
 */
export function idempotency(options: IdempotencyOptions): ServerInterceptor {
  const { policies, answers, fingerprint = fingerprintOf } = options;
  const { maxWaitMs = 10_000, sleep = defaultSleep } = options;
  if (!(maxWaitMs >= 0 && maxWaitMs <= longestTimerMs)) {
    throw new TypeError(`maxWaitMs is ${maxWaitMs}; it takes 0 to ${longestTimerMs} milliseconds`);
  }
  return withConcern("idempotency", (method) => {
    const field = policies.get(method.path)?.idempotencyKey;
    if (field === undefined || method.kind !== "unary") {
      return undefined;
    }
    requireText(method, field);
    const running = new RunningRequests({ maxWaitMs, sleep });

    return async function idempotency(call, next) {
      const requestId = textOf(call.request, field);
      if (requestId === "") {
        await next();
        return;
      }
      const key = { caller: callerOf(call)?.subject ?? "", method: method.path, requestId };
      const request = { key, fingerprint: await fingerprint(call.request, method) };
      await running.run(JSON.stringify([key.caller, requestId]), call, async () => {
        const first = await answers.find(key);
        if (first === undefined) {
          setIdempotentRequest(call, request);
          await next();
        } else if (first.fingerprint === request.fingerprint) {
          await call.respond(method.responseType.decode(first.answer));
        } else {
          throw reused(field, requestId, options);
        }
      });
    };
  });
}

const defaultSleep = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal });

function requireText({ path, requestType }: Method, field: string): void {
  if (typeof propertyOf(requestType.fromPartial({}), field) !== "string") {
    throw new TypeError(`the policy of ${path} names the field ${JSON.stringify(field)}; its request has no such text`);
  }
}

function textOf(request: unknown, field: string): string {
  const value = propertyOf(request, field);
  return typeof value === "string" ? value : "";
}

function propertyOf(message: unknown, name: string): unknown {
  return (message as Readonly<Record<string, unknown>>)[name]; // every message is an object
}

function reused(
  property: string,
  requestId: string,
  { domain, reason = "REQUEST_ID_REUSED" }: IdempotencyOptions,
): StatusError {
  const field = property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const told = requestId.slice(0, maxToldCharacters);
  const details = `${field} ${JSON.stringify(told)} was used before, with another request`;
  const violation = { field, description: "must be new for a new request", reason: "" };
  return new StatusError(Status.INVALID_ARGUMENT, details, {
    errorDetails: {
      errorInfo: { reason, domain, metadata: { [field]: told } },
      badRequest: { fieldViolations: [violation] },
    },
  });
}
