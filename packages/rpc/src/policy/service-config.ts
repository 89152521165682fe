/** A span of time as gRPC's service configuration writes it: `2.5s`. */
export type ServiceConfigDuration = `${number}s`;

/** How a channel repeats calls that failed. */
export interface RetryPolicy {
  /** How often a call is tried, the first time included. gRPC makes at most 5 of it. */
  readonly maxAttempts: number;
  readonly initialBackoff: ServiceConfigDuration;
  readonly maxBackoff: ServiceConfigDuration;
  readonly backoffMultiplier: number;
  /** Names of status codes. Only calls that fail with one of them are tried again. */
  readonly retryableStatusCodes: readonly string[];
}

/** How a channel sends a call again without waiting for the first to fail; the first answer counts. */
export interface HedgingPolicy {
  /** How often a call is sent, the first time included. gRPC makes at most 5 of it. */
  readonly maxAttempts: number;
  /** How long to wait for an answer before the call is sent again. */
  readonly hedgingDelay: ServiceConfigDuration;
  /** Names of status codes. Any other ends the call at once. */
  readonly nonFatalStatusCodes: readonly string[];
}

/** What applies to the calls of some methods. */
export interface MethodConfig {
  readonly name: readonly { readonly service: string; readonly method: string }[];
  /** How long a call may take, with all its attempts. The caller's own deadline can only be nearer. */
  readonly timeout?: ServiceConfigDuration;
  readonly retryPolicy?: RetryPolicy;
  /** Not together with {@link retryPolicy}. */
  readonly hedgingPolicy?: HedgingPolicy;
}

/**
 * What a channel does with the calls of some methods without being told by each of them. As JSON it is the channel
 * argument `grpc.service_config`.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/service_config.md
 */
export interface ServiceConfig {
  readonly methodConfig: readonly MethodConfig[];
  /** Stops all repeats while too many calls fail: each failure takes 1 token, each success gives `tokenRatio` back. */
  readonly retryThrottling?: { readonly maxTokens: number; readonly tokenRatio: number };
}

/**
 * One service configuration out of several, for a channel that carries the calls of all of them. The first that throttles
 * repeats says how.
 */
export function joinServiceConfigs(configs: readonly ServiceConfig[]): ServiceConfig {
  const retryThrottling = configs.find((config) => config.retryThrottling !== undefined)?.retryThrottling;
  const methodConfig = configs.flatMap((config) => config.methodConfig);
  return retryThrottling === undefined ? { methodConfig } : { methodConfig, retryThrottling };
}
