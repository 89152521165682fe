import type * as grpc from "@grpc/grpc-js";
import {
  CallValues,
  type InterceptedClientCall,
  type MessageHook,
  type Metadata,
  type Method,
  type ServerCall,
} from "@rollcall/rpc";
import { fromGrpcMetadata, MessageHooks, toGrpcMetadata } from "@rollcall/rpc/grpc";
import { MessageTraffic } from "./message-traffic.js";
import { serverCallOf } from "./server-call-of.js";

/** What a call needs of the one who moves its messages. */
export interface MadeCallOwner {
  /** Makes the call, and settles as it ends. */
  readonly attempt: () => Promise<void>;
}

/** A call of a client of grpc-js, as interceptors see it. */
export class MadeCall implements InterceptedClientCall {
  readonly traffic: MessageTraffic;
  readonly requestHooks = new MessageHooks();
  readonly responseHooks = new MessageHooks();
  readonly values = new CallValues();
  readonly aborting = new AbortController();
  readonly parent: ServerCall | undefined;
  deadline: Date | undefined;
  request: unknown;
  response: unknown;
  header: Metadata | undefined;
  trailer: Metadata | undefined;
  readonly #owner: MadeCallOwner;
  readonly #nativeMetadata: grpc.Metadata;
  #metadata: Metadata | undefined;

  constructor(
    readonly method: Method,
    nativeMetadata: grpc.Metadata,
    { deadline, parent }: grpc.InterceptorOptions,
    owner: MadeCallOwner,
  ) {
    this.#owner = owner;
    this.traffic = new MessageTraffic(method);
    this.#nativeMetadata = nativeMetadata;
    this.deadline = deadline === undefined || deadline === Infinity ? undefined : new Date(deadline);
    this.parent = parent === undefined ? undefined : serverCallOf(parent);
  }

  get metadata(): Metadata {
    return (this.#metadata ??= fromGrpcMetadata(this.#nativeMetadata));
  }

  get signal(): AbortSignal {
    return this.aborting.signal;
  }

  onRequest(hook: MessageHook): void {
    this.requestHooks.add(hook);
  }

  onResponse(hook: MessageHook): void {
    this.responseHooks.add(hook);
  }

  /** Makes the call, and settles as it ends. */
  attempt(): Promise<void> {
    return this.#owner.attempt();
  }

  async respond(response: unknown): Promise<void> {
    if (!this.method.responseStream) {
      await this.responseHooks.run(response);
    }
    this.response = response;
  }

  /** The metadata to send: what interceptors made of the caller's, and what of that belongs to gRPC itself. */
  sentMetadata(): grpc.Metadata {
    if (this.#metadata === undefined) {
      return this.#nativeMetadata;
    }
    const sent = toGrpcMetadata(this.#metadata);
    sent.setOptions(this.#nativeMetadata.getOptions());
    for (const key of Object.keys(this.#nativeMetadata.getMap()).filter((name) => name.startsWith("grpc-"))) {
      for (const value of this.#nativeMetadata.get(key)) {
        sent.add(key, value);
      }
    }
    return sent;
  }
}
