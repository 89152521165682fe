export { type BindOptions, bindService, type BoundService } from "./bind-service.js";
export { type Channel, type ChannelOptions, type ConnectOptions, createChannel } from "./channel.js";
export { createServer, type ServerOptions } from "./create-server.js";
export { listen, shutDown } from "./listen.js";
export type { Listener, ListenerOptions, RefusedConnection } from "./listener.js";
export type { ServerTls } from "./server-tls.js";
export { isLoopback, type TlsOptions } from "./tls.js";
export { reportToConsole, type UnexpectedErrorListener } from "./unexpected-error.js";
// For adapters that bring calls from grpc-js to interceptors without the binding above.
export { createDeferred, type Deferred } from "../deferred.js";
export { MessageHooks } from "../message-hooks.js";
export { fromGrpcMetadata, toGrpcMetadata } from "./grpc-metadata.js";
export { type ErrorStatus, fromStatusObject, toStatusObject } from "./status-object.js";
export { statusOf } from "./unexpected-error.js";
