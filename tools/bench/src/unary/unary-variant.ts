import type { Status } from "@rollcall/rpc";

/** What a server answers to calls that are not as they should be. */
export interface Refusals {
  readonly unknownUser?: keyof typeof Status;
  readonly withoutToken?: keyof typeof Status;
  readonly emptyId?: keyof typeof Status;
}

/** A server to measure with GetUser. */
export interface UnaryVariant {
  readonly name: string;
  /** The program in `servers`. */
  readonly server: string;
  /** Whether each call carries a token and a deadline. */
  readonly credentials: boolean;
  /** What it has to refuse, and how. */
  readonly refuses: Refusals;
}

const lookup: Refusals = { unknownUser: "NOT_FOUND" };
const everything: Refusals = { ...lookup, withoutToken: "UNAUTHENTICATED", emptyId: "INVALID_ARGUMENT" };

const variant = (name: string, server: string, credentials: boolean, refuses: Refusals): UnaryVariant => ({
  name,
  server,
  credentials,
  refuses,
});

/** The servers by what they are called in the goals. */
export const variants = {
  bare: variant("bare grpc-js", "bare", false, lookup),
  ours: variant("Rollcall, no concerns", "rollcall", false, lookup),
  raw: variant("raw node:http2, prepared bytes", "raw", false, {}),
  bareWithToken: variant("bare grpc-js, token and deadline sent", "bare", true, lookup),
  oursWithConcerns: variant("Rollcall, every concern", "rollcall-concerns", true, everything),
  remembering: variant("grpc-js, six interceptors", "documented-remembering", true, everything),
  verifying: variant("grpc-js, six interceptors, each token verified", "documented-verifying", true, everything),
  niceGrpc: variant("nice-grpc, six empty middlewares", "nice-grpc", true, lookup),
  connectNode: variant("connect-node, six empty interceptors", "connect-node", true, lookup),
} as const;
