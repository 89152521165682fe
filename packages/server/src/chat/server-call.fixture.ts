import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { CallValues, Metadata, methodOf, type ServerCall } from "@rollcall/rpc";

/** A call of Chat without a client, and the reason it is cut off for once it is. */
export interface CallWithoutClient {
  readonly call: ServerCall;
  readonly cutOff: Promise<unknown>;
}

/** Makes a call for a handler that a test runs by itself, to decide what is read and when. */
export function createServerCall(): CallWithoutClient {
  const abortion = new AbortController();
  const { signal } = abortion;
  const call: ServerCall = {
    method: methodOf(UserServiceDefinition, UserServiceDefinition.methods.chat),
    metadata: new Metadata(),
    deadline: undefined,
    signal,
    values: new CallValues(),
    traffic: { requests: 0, requestBytes: 0, responses: 0, responseBytes: 0 },
    peer: "127.0.0.1:1",
    connection: { encrypted: false, clientCertificate: undefined },
    header: new Metadata(),
    trailer: new Metadata(),
    sendHeader: () => undefined,
    abort: (reason) => {
      abortion.abort(reason);
    },
  };
  const cutOff = new Promise<unknown>((resolve) => {
    signal.addEventListener("abort", () => {
      resolve(signal.reason);
    });
  });
  return { call, cutOff };
}
