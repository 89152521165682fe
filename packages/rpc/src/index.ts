export type { CallOptions, Client, ClientMethod, Requests, Responses } from "./client.js";
export { type ClientOptions, createClient } from "./create-client.js";
export type { Handler, ServiceImplementation } from "./service-implementation.js";
export { type ErrorCode, errorCodeOf, Status } from "./status.js";
export { StatusError, type StatusErrorOptions } from "./status-error.js";
export { decodeErrorDetails, encodeErrorDetails, type ErrorDetails } from "./error-details.js";
export { Metadata, type MetadataInit, type MetadataValue, type ReceivedMetadata } from "./metadata.js";
export { deadlineIn } from "./deadline.js";
export type {
  Call,
  ConnectionSecurity,
  InterceptedClientCall,
  InterceptedServerCall,
  MessageHook,
  ServerCall,
} from "./call.js";
export type { Traffic } from "./traffic.js";
export { type CallKey, CallValues, createCallKey } from "./call-values.js";
export {
  type ClientInterceptor,
  composeLayers,
  type Interceptor,
  type Layer,
  type Next,
  type ServerInterceptor,
} from "./interceptor.js";
export type {
  IdempotencyLevel,
  Method,
  MethodDefinition,
  MethodKind,
  RequestOf,
  ResponseOf,
  ServiceDefinition,
} from "./method.js";
export { methodOf } from "./method.js";
export type { AnyMessageType, MessageInit, MessageOf, MessageType } from "./message.js";
export type { OutgoingCall, Transport } from "./transport.js";
export type { AccessPolicy, MethodPolicy, PolicyTable, RateLimitPolicy } from "./policy/method-policy.js";
export { byPath, type MethodTable } from "./policy/by-path.js";
export { policiesByPath } from "./policy/policies-by-path.js";
export {
  type HedgingPolicy,
  joinServiceConfigs,
  type MethodConfig,
  type RetryPolicy,
  type ServiceConfig,
  type ServiceConfigDuration,
} from "./policy/service-config.js";
export {
  createReasonError,
  type MetadataInput,
  type MetadataKey,
  type ReasonErrorOptions,
} from "./reason/create-reason-error.js";
export { hasReason, readReason } from "./reason/read-reason.js";
export type {
  FoundReason,
  ReasonDefinition,
  ReasonError,
  ReasonIn,
  ReasonMetadata,
  ReasonTable,
} from "./reason/reason-table.js";
