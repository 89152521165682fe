import { startBenchServer } from "../bench-server.js";
import type { Load, LoadTarget } from "../load/load.js";
import { askedUser } from "../servers/example-users.js";
import { checkAnswers, getUserFrame } from "./check-answers.js";
import type { Credentials } from "./credentials.js";
import type { UnaryVariant } from "./unary-variant.js";

/** How a server did on many calls of GetUser. */
export interface UnaryResult {
  readonly callsPerSecond: number;
  /** CPU time of the server for each call, in microseconds. */
  readonly cpuUsPerCall: number;
}

/** What all servers are measured with. */
export interface UnaryConditions {
  readonly load: Load;
  readonly credentials: Credentials;
  readonly calls: number;
  /** Where the servers leave their CPU profiles. Undefined: none are taken. */
  readonly profileFolder?: string | undefined;
}

const warmUps = 2;
const warmUpCalls = 10_000;

/** Starts the server, checks its answers, warms it up, and measures it. */
export async function measureUnary(variant: UnaryVariant, conditions: UnaryConditions): Promise<UnaryResult> {
  const { load, credentials, calls, profileFolder } = conditions;
  console.log(`GetUser: ${variant.name}`);
  await using server = await startBenchServer(variant.server, { environment: credentials.environment, profileFolder });
  const target = targetOf(server.port, variant.credentials ? credentials.token : undefined);
  const answerBytes = await checkAnswers(variant, target);
  for (let run = 0; run < warmUps; run++) {
    await load(target, warmUpCalls);
  }
  const beforeUs = await server.cpuUs();
  const { seconds, bodyBytes } = await load(target, calls);
  const usedUs = (await server.cpuUs()) - beforeUs;
  if (bodyBytes !== calls * answerBytes) {
    throw new Error(`${variant.name} answered ${bodyBytes} bytes to ${calls} calls of ${answerBytes} bytes each`);
  }
  return { callsPerSecond: calls / seconds, cpuUsPerCall: usedUs / calls };
}

function targetOf(port: number, token: string | undefined): LoadTarget {
  const metadata = { "content-type": "application/grpc", te: "trailers", "user-agent": "bench" };
  const asked = token === undefined ? {} : { authorization: `Bearer ${token}`, "grpc-timeout": "10S" };
  return {
    port,
    path: "/user.v1.UserService/GetUser",
    metadata: { ...metadata, ...asked },
    body: getUserFrame(askedUser.id),
  };
}
