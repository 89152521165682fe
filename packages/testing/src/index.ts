export { createPingService } from "./ping-service.js";
export { startTestServer, type TestServer, type TestServerOptions } from "./start-test-server.js";
export { type DelayOptions, delayCalls } from "./delay-calls.js";
export { type DropOptions, dropAfter } from "./drop-after.js";
export { type FailOptions, failCalls } from "./fail-calls.js";
export type { FaultSelection } from "./fault-selection.js";
export { type Proxy, startProxy } from "./start-proxy.js";
export { createFakeClock, type FakeClock } from "./fake-clock.js";
export {
  createTestCertificates,
  type TestCertificate,
  type TestCertificates,
  type TestCertificatesOptions,
} from "./create-test-certificates.js";
export {
  connectRawClient,
  type FrameClaims,
  grpcFrame,
  type RawAnswer,
  type RawClient,
  type RawRequest,
} from "./raw-client.js";
export { connectFrameSocket, frameFlags, type FrameSocket, frameTypes } from "./frame-socket.js";
export { readmeSnippets, runSnippet } from "./readme-snippets.js";
