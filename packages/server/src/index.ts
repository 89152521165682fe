export { type Config, type Environment, parseConfig } from "./config.js";
export { ConfigError } from "./config-error.js";
export { createLogger, type Logger, type LoggerOptions } from "./logger.js";
export { type RunningServer, startServer, type StartServerOptions } from "./start-server.js";
export { StartError } from "./start-error.js";
