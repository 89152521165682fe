import type { ClientCall } from "./client-call.js";
import { mapMessages } from "./map-messages.js";
import type { Method } from "./method.js";

/** What the caller gave a method, completed to whole messages: one request, or an iterable of them. */
export function completeInput({ requestStream, requestType }: Method, input: unknown): unknown {
  // The types of the client's functions let only a message's fields, or an iterable of them, come here.
  return requestStream
    ? mapMessages(input as AsyncIterable<never> | Iterable<never>, (init) => requestType.fromPartial(init))
    : requestType.fromPartial(input as never);
}

/** All requests of a call as a stream, each shown to the interceptors' hooks as it is taken. */
export function requestsOf(call: ClientCall): AsyncIterable<unknown> {
  if (!call.method.requestStream) {
    return mapMessages([call.request], async (request) => {
      await call.requestHooks.run(request);
      return request;
    });
  }
  // `completeInput` made an async iterable of the requests that are streamed.
  return call.requestHooks.watch(call.input as AsyncIterable<unknown>);
}
