import type { AnyMessageType, MessageOf, MessageType } from "./message.js";

/** A method as ts-proto's generic definitions describe it. */
export interface MethodDefinition {
  readonly name: string;
  readonly requestType: AnyMessageType;
  readonly requestStream: boolean;
  readonly responseType: AnyMessageType;
  readonly responseStream: boolean;
  readonly options: { readonly idempotencyLevel?: IdempotencyLevel };
}

/** A service as ts-proto's generic definitions (`outputServices=generic-definitions`) describe it. */
export interface ServiceDefinition {
  readonly name: string;
  readonly fullName: string;
  readonly methods: Readonly<Record<string, MethodDefinition>>;
}

/** What the contract says about repeating a call: `NO_SIDE_EFFECTS` and `IDEMPOTENT` ones may be repeated. */
export type IdempotencyLevel = "NO_SIDE_EFFECTS" | "IDEMPOTENT";

/** How many messages travel in each direction: one, or a stream of them. */
export type MethodKind = "unary" | "serverStreaming" | "clientStreaming" | "bidiStreaming";

/** A method, as interceptors and transports see it. */
export interface Method {
  /** How the method is called on the wire: `/user.v1.UserService/GetUser`. */
  readonly path: string;
  /** The full name of its service: `user.v1.UserService`. */
  readonly service: string;
  /** Its name within the service: `GetUser`. */
  readonly name: string;
  readonly kind: MethodKind;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  /** What the contract says about repeating a call; undefined when it says nothing. */
  readonly idempotencyLevel: IdempotencyLevel | undefined;
  readonly requestType: MessageType<unknown>;
  readonly responseType: MessageType<unknown>;
}

/** The request message of a method. */
export type RequestOf<M extends MethodDefinition> = MessageOf<M["requestType"]>;

/** The response message of a method. */
export type ResponseOf<M extends MethodDefinition> = MessageOf<M["responseType"]>;

/** Describes a method of a service to interceptors and transports. */
export function methodOf(service: ServiceDefinition, definition: MethodDefinition): Method {
  return {
    path: `/${service.fullName}/${definition.name}`,
    service: service.fullName,
    name: definition.name,
    kind: kindOf(definition),
    requestStream: definition.requestStream,
    responseStream: definition.responseStream,
    idempotencyLevel: definition.options.idempotencyLevel,
    // From here on messages are `unknown`: only what `decode` and `fromPartial` of the same type made is ever encoded.
    requestType: definition.requestType,
    responseType: definition.responseType,
  };
}

function kindOf({ requestStream, responseStream }: MethodDefinition): MethodKind {
  if (requestStream) {
    return responseStream ? "bidiStreaming" : "clientStreaming";
  }
  return responseStream ? "serverStreaming" : "unary";
}
