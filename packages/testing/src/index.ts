export { createPingService } from "./ping-service.js";
export { startTestServer, type TestServer, type TestServerOptions } from "./start-test-server.js";
