// A process that measures how long it takes to encode a User, says so, and ends.
import { User } from "@rollcall/contracts/user/v1/user";
import type { ServiceDefinition } from "@rollcall/rpc";
import { bindService } from "@rollcall/rpc/grpc";
import { askedUser } from "../servers/example-users.js";
import { spreadOf } from "../statistics.js";

/** How long one User takes, in nanoseconds. */
export interface EncodeTimes {
  readonly oursNs: number;
  readonly generatedNs: number;
}

const method = { name: "Echo", requestType: User, requestStream: false, responseType: User, responseStream: false };
const echo = {
  name: "Echo",
  fullName: "bench.Echo",
  methods: { echo: { ...method, options: {} } },
} as const satisfies ServiceDefinition;

/** The encoder that a bound service uses. */
const { service } = bindService(echo, { echo: async (user) => user });
const encodeOurs = service["echo"]?.requestSerialize;
if (encodeOurs === undefined) {
  throw new Error("a bound service has its methods");
}
const encodeGenerated = (user: User) => Buffer.from(User.encode(user).finish());

if (!encodeOurs(askedUser).equals(encodeGenerated(askedUser))) {
  throw new Error("a User is encoded in two ways");
}

const batch = 20_000;
const batches = 9;
const times: { ours: number[]; generated: number[] } = { ours: [], generated: [] };
for (let run = 0; run < batches; run++) {
  times.ours.push(measure(encodeOurs));
  times.generated.push(measure(encodeGenerated));
}
// The least disturbed batch says most: whatever else the machine does only ever adds to it.
const result: EncodeTimes = { oursNs: spreadOf(times.ours).min, generatedNs: spreadOf(times.generated).min };
process.send?.(result, () => {
  process.disconnect();
});

function measure(encode: (user: User) => Buffer): number {
  let bytes = 0;
  const startMs = performance.now();
  for (let run = 0; run < batch; run++) {
    bytes += encode(askedUser).byteLength; // used, or the compiler may leave it out
  }
  const elapsedMs = performance.now() - startMs;
  return bytes > 0 ? (elapsedMs * 1_000_000) / batch : NaN;
}
