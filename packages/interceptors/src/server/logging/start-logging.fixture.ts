import type { ServerInterceptor, ServiceImplementation } from "@rollcall/rpc";
import { createPingService, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { until } from "../../until.fixture.js";
import { realIp } from "../real-ip/real-ip.js";
import { recovery } from "../recovery/recovery.js";
import { requestId } from "../request-id/request-id.js";
import { createLines, parsed, serverLoggerOptions } from "./lines.fixture.js";
import { logging, type LoggingOptions } from "./logging.js";

/** How such a server differs from the simplest one. */
export interface LoggingServerOptions extends Partial<LoggingOptions> {
  readonly service?: ServiceImplementation<PingServiceDefinition>;
  readonly inner?: readonly ServerInterceptor[];
  readonly level?: string;
}

/** A server with the interceptors that logging goes with, and the lines that it writes. */
export async function startLogging({
  service = createPingService(),
  inner = [],
  level = "info",
  ...options
}: LoggingServerOptions = {}) {
  const { logger, lines } = createLines({ ...serverLoggerOptions, level });
  const interceptors = [
    realIp({ trustedProxies: ["127.0.0.1"] }),
    requestId({ createId: () => "made-1" }),
    logging({ logger, ...options }),
    recovery({ domain: "example", onError: () => undefined }),
    ...inner,
  ];
  const server = await startTestServer(PingServiceDefinition, service, { interceptors });
  return { server, lines, logger };
}

/** The first line, once it is there. */
export async function firstOf(lines: readonly string[]): Promise<unknown> {
  await until(() => lines.length > 0);
  return parsed(lines)[0];
}
