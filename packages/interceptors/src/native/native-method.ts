import { type MessageType, type Method, type MethodKind, methodOf, type ServiceDefinition } from "@rollcall/rpc";

/** What grpc-js tells interceptors of a method, on either side. */
export interface NativeMethod {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

/**
 * Answers what is known of a method. grpc-js knows neither the types of its messages nor whether its calls may be repeated,
 * so that comes from the definitions of `services`.
 */
export function createMethodLookup(services: readonly ServiceDefinition[]): (native: NativeMethod) => Method {
  const known = new Map(
    services.flatMap((service) =>
      Object.values(service.methods).map((definition) => {
        const method = methodOf(service, definition);
        return [method.path, method] as const;
      }),
    ),
  );
  return (native) => known.get(native.path) ?? methodWithoutTypes(native);
}

/** How many bytes a message has when it is written; 0 where its type is not known, or is not that of the program's stubs. */
export function bytesOf(type: MessageType<unknown>, message: unknown): number {
  if (type instanceof UnknownType) {
    return 0;
  }
  try {
    return type.encode(message).finish().byteLength;
  } catch {
    return 0; // grpc-js writes the message itself, and ends the call if it cannot
  }
}

function methodWithoutTypes(native: NativeMethod): Method {
  const { path, requestStream, responseStream } = native;
  const [, service = "", name = ""] = path.split("/");
  const messageType = new UnknownType(path);
  return {
    path,
    service,
    name,
    kind: kindOf(native),
    requestStream,
    responseStream,
    idempotencyLevel: undefined,
    requestType: messageType,
    responseType: messageType,
  };
}

function kindOf({ requestStream, responseStream }: NativeMethod): MethodKind {
  if (requestStream) {
    return responseStream ? "bidiStreaming" : "clientStreaming";
  }
  return responseStream ? "serverStreaming" : "unary";
}

/** The type of messages of which only grpc-js knows how they are written. */
class UnknownType implements MessageType<unknown> {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  encode(): never {
    throw this.#refusal();
  }

  decode(): never {
    throw this.#refusal();
  }

  fromPartial(): never {
    throw this.#refusal();
  }

  #refusal(): TypeError {
    return new TypeError(
      `the types of ${this.#path} are not known here; name its service's definition in the option services`,
    );
  }
}
