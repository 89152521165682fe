export { createRollcallClient, type RollcallClient, type RollcallClientOptions } from "./rollcall-client.js";
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
export { ChatMessage, User, UserStatus } from "@rollcall/contracts/user/v1/user";
export { ErrorReason } from "@rollcall/contracts/user/v1/error_reason";
export { isReason, type Reason, reasonOf } from "@rollcall/contracts/user/v1/error_reason.errors";
