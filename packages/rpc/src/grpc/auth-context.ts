import type * as grpc from "@grpc/grpc-js";
import { sessionOf } from "./grpc-js-internals.js";
import type { NativeAuthContext } from "./native-call.js";

const known = new WeakMap<object, NativeAuthContext>();

/**
 * What the connection of a call proves about its client. Read once for each connection, since to read a certificate costs
 * more than a call.
 *
 * grpc-js knows of encryption only where the client has shown a certificate.
 */
export function authContextOf(call: grpc.ServerInterceptingCallInterface): NativeAuthContext {
  const session = sessionOf(call);
  if (session === undefined) {
    return call.getAuthContext();
  }
  const context = known.get(session) ?? readContext(call, session.encrypted === true);
  known.set(session, context);
  return context;
}

function readContext(call: grpc.ServerInterceptingCallInterface, encrypted: boolean): NativeAuthContext {
  return { ...(encrypted ? { transportSecurityType: "ssl" } : {}), ...call.getAuthContext() };
}
