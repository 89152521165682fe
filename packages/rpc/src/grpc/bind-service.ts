import type * as grpc from "@grpc/grpc-js";
import { composeLayers, type ServerInterceptor } from "../interceptor.js";
import { type Method, methodOf, type ServiceDefinition } from "../method.js";
import type { ServiceImplementation } from "../service-implementation.js";
import { encodeToView } from "./encode-message.js";
import type { IncomingCall } from "./incoming-call.js";
import { requestDeserializer } from "./incoming-request.js";
import { nativeHandler } from "./native-handler.js";
import { responseSerializer } from "./outgoing-response.js";
import { serveCalls } from "./serve-calls.js";
import { reportToConsole, type UnexpectedErrorListener } from "./unexpected-error.js";

/** What surrounds a service's handlers, and hears of their failures. */
export interface BindOptions {
  /** Surround every call, the first outermost. None by default. */
  readonly interceptors?: readonly ServerInterceptor[] | undefined;
  /**
   * Hears of every failure that is not a {@link StatusError} of the handler's own choice. The client is told `INTERNAL`
   * and nothing else. Written to standard error by default.
   */
  readonly onUnexpectedError?: UnexpectedErrorListener | undefined;
}

/** A service ready for `grpc.Server.addService(service, handlers)`. */
export interface BoundService {
  readonly service: grpc.ServiceDefinition;
  readonly handlers: grpc.UntypedServiceImplementation;
}

/** A handler whose message types only its method knows. */
type AnyHandler = (request: unknown, call: IncomingCall) => unknown;

/**
 * Makes a service out of its definition and a handler for each method. The interceptors are composed here, once for each
 * method.
 *
 * A handler is an async function, or an async generator where responses are streamed. It ends the call with a status of
 * its choice by throwing a {@link StatusError}. A stream is read and written no faster than the client takes part.
 */
export function bindService<S extends ServiceDefinition>(
  definition: S,
  implementation: ServiceImplementation<S>,
  { interceptors = [], onUnexpectedError = reportToConsole }: BindOptions = {},
): BoundService {
  const service: Record<string, grpc.MethodDefinition<unknown, unknown>> = {};
  const handlers: grpc.UntypedServiceImplementation = {};
  for (const [name, methodDefinition] of Object.entries(definition.methods)) {
    const method = methodOf(definition, methodDefinition);
    // `ServiceImplementation` has exactly one handler for each method, of this method's types, under its name.
    const handle = implementation[name as keyof typeof implementation] as AnyHandler;
    const run = composeLayers<IncomingCall>(method, interceptors, (call) => perform(handle, call));
    service[name] = grpcMethodOf(method, responseSerializer(method, onUnexpectedError));
    handlers[name] = nativeHandler(method, serveCalls(method, run, onUnexpectedError));
  }
  return { service, handlers };
}

/** Hands a call to its handler. Waits only where there is something to wait for: each wait costs every call. */
async function perform(handle: AnyHandler, call: IncomingCall): Promise<void> {
  try {
    const { requestStream, responseStream } = call.method;
    const checked = requestStream ? undefined : call.checkRequest();
    if (checked !== undefined) {
      await checked;
    }
    const answer = handle(requestStream ? call.requests() : call.request, call);
    const answered = call.answer(responseStream ? answer : await answer);
    if (answered !== undefined) {
      await answered;
    }
    call.throwIfAborted();
  } catch (error) {
    // What a handler throws because its signal was aborted says less than why it was.
    throw call.abortReason ?? error;
  }
}

function grpcMethodOf(
  method: Method,
  responseSerialize: (response: unknown) => Buffer,
): grpc.MethodDefinition<unknown, unknown> {
  return {
    path: method.path,
    requestStream: method.requestStream,
    responseStream: method.responseStream,
    originalName: method.name,
    requestSerialize: encodeToView(method.requestType),
    requestDeserialize: requestDeserializer(method),
    responseSerialize,
    responseDeserialize: (bytes) => method.responseType.decode(bytes),
  };
}
