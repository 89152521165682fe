export { type BindOptions, bindService, type BoundService } from "./bind-service.js";
export { type Channel, type ChannelOptions, type ConnectOptions, createChannel } from "./channel.js";
export { createServer, listen, type ServerOptions, shutDown } from "./create-server.js";
export { isLoopback, type TlsOptions } from "./tls.js";
export { reportToConsole, type UnexpectedErrorListener } from "./unexpected-error.js";
