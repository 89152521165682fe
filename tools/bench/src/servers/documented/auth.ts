import * as grpc from "@grpc/grpc-js";
import { type CryptoKey, type JWTPayload, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import { tokenClaims } from "../token-key.js";

type Verify = (token: string) => JWTPayload | Promise<JWTPayload>;

/** Verifies each token, as jose documents it. */
export function verifyEach(key: CryptoKey): Verify {
  const { algorithm, issuer, audience } = tokenClaims;
  return async (token) => {
    const { payload } = await jwtVerify(token, key, { algorithms: [algorithm], issuer, audience });
    return payload;
  };
}

/** Remembers for a minute which tokens were verified. */
export function verifyOnce(verify: Verify): Verify {
  const verified = new LRUCache<string, JWTPayload>({ max: 10_000, ttl: 60_000 });
  return (token) => verified.get(token) ?? verifyNew(token);

  async function verifyNew(token: string): Promise<JWTPayload> {
    const payload = await verify(token);
    verified.set(token, payload);
    return payload;
  }
}

/** Admits callers whose token names one of the roles. */
export function auth(verify: Verify, roles: readonly string[]): grpc.ServerInterceptor {
  return (_method, call) => {
    const refuse = () => {
      call.sendStatus({ code: grpc.status.UNAUTHENTICATED, details: "the credentials are not valid" });
    };
    const admit = (payload: JWTPayload, next: () => void) => {
      const granted = Array.isArray(payload["roles"]) ? payload["roles"] : [];
      if (granted.some((role) => roles.includes(String(role)))) {
        next();
      } else {
        call.sendStatus({ code: grpc.status.PERMISSION_DENIED, details: "you may not do this" });
      }
    };
    const listener = new grpc.ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        const [value] = metadata.get("authorization");
        if (typeof value !== "string" || !value.startsWith("Bearer ")) {
          refuse();
          return;
        }
        const pass = () => {
          next(metadata);
        };
        const verified = verify(value.slice("Bearer ".length));
        if (verified instanceof Promise) {
          verified.then((payload) => {
            admit(payload, pass);
          }, refuse);
        } else {
          admit(verified, pass);
        }
      })
      .build();
    const responder = new grpc.ResponderBuilder()
      .withStart((next) => {
        next(listener);
      })
      .build();
    return new grpc.ServerInterceptingCall(call, responder);
  };
}
