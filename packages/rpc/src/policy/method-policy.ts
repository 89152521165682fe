import type { MethodDefinition, RequestOf, ServiceDefinition } from "../method.js";

/** Who may call a method. */
export type AccessPolicy<Field extends string = string> =
  | {
      /** Anybody, signed in or not. */
      readonly kind: "public";
    }
  | {
      /** Whoever is signed in. */
      readonly kind: "authenticated";
      /** Callers need any one of these. Without any, to be signed in is enough. */
      readonly roles: readonly string[];
    }
  | {
      /** The user that the request is about. */
      readonly kind: "self";
      /** The field of the request that holds the user's id. */
      readonly subjectField: Field;
      /** Callers with any of these pass as well. */
      readonly roles: readonly string[];
    };

/** How often a method may be called. */
export interface RateLimitPolicy {
  /** What may be spent within {@link perMs}. */
  readonly requests: number;
  readonly perMs: number;
  /** Whose calls are counted together: one user's, or those from one address. */
  readonly key: "subject" | "peer";
  /** What one call spends: at least 1, at most {@link requests}. */
  readonly cost: number;
}

/** What a method demands of its callers and what it grants them, as its proto says. */
export interface MethodPolicy<Field extends string = string> {
  readonly access: AccessPolicy<Field>;
  /** How long a call may take whose caller does not say. Without it, for ever. */
  readonly defaultDeadlineMs?: number;
  /** The longest a caller may ask for. Without it, any time. */
  readonly maxDeadlineMs?: number;
  /** The largest request message. Without it, what the server takes in general. */
  readonly maxRequestBytes?: number;
  /** Without it, callers call as often as they like. */
  readonly rateLimit?: RateLimitPolicy;
  /** Whether calls are written to the audit log. */
  readonly audit: boolean;
  /** The field of each request message that makes a repeat safe: the same value again takes effect once. */
  readonly idempotencyKey?: Field;
}

/** The names of those fields of a message that always hold a string. */
type StringField<T> = { [Name in keyof T]-?: T[Name] extends string ? Name : never }[keyof T] & string;

type PolicyOf<M extends MethodDefinition> = MethodPolicy<StringField<RequestOf<M>>>;

/** A policy for every method of a service. Leaving one out is a compile error, and so is a field that is none. */
export type PolicyTable<S extends ServiceDefinition> = {
  readonly [Name in keyof S["methods"]]: PolicyOf<S["methods"][Name]>;
};
