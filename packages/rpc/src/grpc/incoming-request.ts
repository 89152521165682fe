import type { Method } from "../method.js";

/** A request on its way through grpc-js, which tells nobody how large it was. */
export class IncomingRequest {
  constructor(
    readonly message: unknown,
    readonly bytes: number,
  ) {}
}

/** Reads the method's requests from bytes. */
export function requestDeserializer({ requestType }: Method): (bytes: Buffer) => IncomingRequest {
  return (bytes) => new IncomingRequest(requestType.decode(bytes), bytes.byteLength);
}
