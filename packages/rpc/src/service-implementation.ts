import type { ServerCall } from "./call.js";
import type { MethodDefinition, RequestOf, ResponseOf, ServiceDefinition } from "./method.js";

/**
 * Handles the calls of one method. It takes a message or a stream of messages, and answers with a promise of a message or
 * with a stream of messages, such as an async generator makes.
 */
export type Handler<M extends MethodDefinition> = (
  request: M["requestStream"] extends true ? AsyncIterable<RequestOf<M>> : RequestOf<M>,
  call: ServerCall,
) => M["responseStream"] extends true ? AsyncIterable<ResponseOf<M>> : Promise<ResponseOf<M>>;

/** Handlers for every method of a service. Leaving one out is a compile error. */
export type ServiceImplementation<S extends ServiceDefinition> = {
  readonly [Name in keyof S["methods"]]: Handler<S["methods"][Name]>;
};
