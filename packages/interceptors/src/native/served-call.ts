import type * as grpc from "@grpc/grpc-js";
import {
  CallValues,
  type ConnectionSecurity,
  type InterceptedServerCall,
  type MessageHook,
  Metadata,
  type Method,
  type StatusError,
} from "@rollcall/rpc";
import { fromGrpcMetadata, MessageHooks } from "@rollcall/rpc/grpc";
import { EndOfCall } from "./end-of-call.js";
import { MessageTraffic } from "./message-traffic.js";

/** What a call needs of the one who moves its messages. */
export interface ServedCallOwner {
  /** Lets the call through to its handler, and settles as that ends it. */
  handle(): Promise<void>;
  /** Answers the call in place of its handler. */
  respond(response: unknown): Promise<void>;
  /** Sends the header. */
  sendHeader(): void;
  /** Ends the call before its work does. */
  end(reason: StatusError): void;
}

/** A call to a server of grpc-js, as interceptors see it. */
export class ServedCall implements InterceptedServerCall {
  readonly traffic: MessageTraffic;
  readonly requestHooks = new MessageHooks();
  readonly responseHooks = new MessageHooks();
  readonly header = new Metadata();
  readonly trailer = new Metadata();
  readonly values = new CallValues();
  readonly ending: EndOfCall;
  readonly peer: string;
  request: unknown;
  response: unknown;
  readonly #native: grpc.ServerInterceptingCallInterface;
  readonly #owner: ServedCallOwner;
  #metadata: Metadata | undefined;

  constructor(
    readonly method: Method,
    readonly nativeMetadata: grpc.Metadata,
    native: grpc.ServerInterceptingCallInterface,
    owner: ServedCallOwner,
  ) {
    this.#native = native;
    this.#owner = owner;
    this.traffic = new MessageTraffic(method);
    this.peer = native.getPeer(); // which grpc-js forgets when the call ends
    this.ending = new EndOfCall(Number(native.getDeadline()), (reason) => {
      owner.end(reason);
    });
  }

  get metadata(): Metadata {
    return (this.#metadata ??= fromGrpcMetadata(this.nativeMetadata));
  }

  get connection(): ConnectionSecurity {
    const { transportSecurityType, sslPeerCertificate } = this.#native.getAuthContext();
    return { encrypted: transportSecurityType === "ssl", clientCertificate: sslPeerCertificate?.raw };
  }

  get deadline(): Date | undefined {
    return this.ending.deadline;
  }

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  onRequest(hook: MessageHook): void {
    this.requestHooks.add(hook);
  }

  onResponse(hook: MessageHook): void {
    this.responseHooks.add(hook);
  }

  /** Lets the call through to its handler, and settles as that ends it. */
  handle(): Promise<void> {
    return this.#owner.handle();
  }

  respond(response: unknown): Promise<void> {
    return this.#owner.respond(response);
  }

  sendHeader(): void {
    this.#owner.sendHeader();
  }

  abort(reason: StatusError): void {
    this.ending.end(reason);
  }

  limitDeadline(deadline: Date): void {
    this.ending.limit(deadline);
  }
}
