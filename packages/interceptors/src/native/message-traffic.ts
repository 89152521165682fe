import type { Method, Traffic } from "@rollcall/rpc";
import { bytesOf } from "./native-method.js";

/** Counts the messages of one call, and their bytes where their types are known: grpc-js tells nobody, so they are written again. */
export class MessageTraffic implements Traffic {
  requests = 0;
  requestBytes = 0;
  responses = 0;
  responseBytes = 0;
  readonly #method: Method;

  constructor(method: Method) {
    this.#method = method;
  }

  countRequest(message: unknown): void {
    this.requests++;
    this.requestBytes += bytesOf(this.#method.requestType, message);
  }

  countResponse(message: unknown): void {
    this.responses++;
    this.responseBytes += bytesOf(this.#method.responseType, message);
  }
}
