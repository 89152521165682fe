export { createRollcallClient, type RollcallClient, type RollcallClientOptions } from "./rollcall-client.js";
export {
  apiKey,
  type ApiKeyCredentials,
  bearer,
  type BearerCredentials,
  type Credentials,
  type EmailAndPassword,
  password,
  type PasswordCredentials,
} from "./sign-in/credentials.js";
export type { InterceptorOptions } from "./standard-interceptors.js";
export {
  type CallOptions,
  type Client,
  deadlineIn,
  type ErrorCode,
  Metadata,
  type Responses,
  Status,
  StatusError,
} from "@rollcall/rpc";
export type { ConnectOptions, TlsOptions } from "@rollcall/rpc/grpc";
export type { AccessToken, TokenProvider } from "@rollcall/interceptors/client/auth";
export { CircuitOpenError } from "@rollcall/interceptors/client/circuit-breaker";
export type { ClientLogger } from "@rollcall/interceptors/client/logging";
export type { ApiKey, AuditEvent, Tokens } from "@rollcall/contracts/user/v1/auth_service";
export { ChatMessage, ChatMessageKind, User, UserStatus } from "@rollcall/contracts/user/v1/user";
export { ErrorReason } from "@rollcall/contracts/user/v1/error_reason";
export { isReason, type Reason, reasonOf } from "@rollcall/contracts/user/v1/error_reason.errors";
