import type { CallOptions, Client, Responses } from "./client.js";
import { ClientCall } from "./client-call.js";
import { type ClientInterceptor, composeLayers } from "./interceptor.js";
import { type Method, methodOf, type ServiceDefinition } from "./method.js";
import { completeInput, requestsOf } from "./outgoing-requests.js";
import { Status } from "./status.js";
import { StatusError } from "./status-error.js";
import { StreamingCall } from "./streaming-call.js";
import type { Transport } from "./transport.js";

/** How a client makes its calls. */
export interface ClientOptions {
  /** Surround every call, the first outermost. None by default. */
  readonly interceptors?: readonly ClientInterceptor[] | undefined;
}

/**
 * Makes a function of every method of a service.
 *
 * Methods that answer with one message return a promise of it, methods that stream return an async iterable. All of them
 * fail with a {@link StatusError}.
 *
 * @param transport - Carries the calls, such as a channel of `@rollcall/rpc/grpc`.
 */
export function createClient<S extends ServiceDefinition>(
  service: S,
  transport: Transport,
  { interceptors = [] }: ClientOptions = {},
): Client<S> {
  const methods = Object.entries(service.methods).map(([name, definition]) => {
    const method = methodOf(service, definition);
    const createMethod = method.responseStream ? createStreamingMethod : createPromiseMethod;
    return [name, createMethod(method, transport, interceptors)] as const;
  });
  // Each function was made for the method whose name it bears, with that method's message types.
  return Object.fromEntries(methods) as unknown as Client<S>;
}

function createPromiseMethod(method: Method, transport: Transport, interceptors: readonly ClientInterceptor[]) {
  const answer = method.requestStream ? answerToMany : answerToOne;
  const run = composeLayers<ClientCall>(method, interceptors, async (call) => {
    const answered = call.answer(await answer(call, transport));
    if (answered !== undefined) {
      await answered;
    }
  });
  return async (input: unknown, options: CallOptions = {}): Promise<unknown> => {
    const call = new ClientCall(method, completeInput(method, input), options);
    await run(call);
    return call.response;
  };
}

function createStreamingMethod(method: Method, transport: Transport, interceptors: readonly ClientInterceptor[]) {
  const run = composeLayers<StreamingCall>(method, interceptors, (call) =>
    call.forward(() => transport.stream(method, requestsOf(call), call)),
  );
  return (input: unknown, options: CallOptions = {}): Responses<unknown> =>
    new StreamingCall(method, completeInput(method, input), options).start(run);
}

function answerToOne(call: ClientCall, transport: Transport): Promise<unknown> {
  const perform = () => transport.unary(call.method, call.request, call);
  return call.requestHooks.run(call.request)?.then(perform) ?? perform();
}

async function answerToMany(call: ClientCall, transport: Transport): Promise<unknown> {
  const responses = [];
  for await (const response of transport.stream(call.method, requestsOf(call), call)) {
    responses.push(response);
    if (responses.length > 1) {
      break;
    }
  }
  if (responses.length !== 1) {
    const details = `${call.method.path} answered ${responses.length === 0 ? "no message" : "several messages"} instead of one`;
    throw new StatusError(Status.UNIMPLEMENTED, details, { received: true });
  }
  return responses[0];
}
