import type { ServiceImplementation } from "@rollcall/rpc";
import type { CountRequest, CountResponse, PingServiceDefinition } from "./gen/ping/v1/ping.js";

/** A service that answers what it is asked, in each of the four ways that gRPC knows. */
export function createPingService(): ServiceImplementation<PingServiceDefinition> {
  return {
    ping: ({ text, values }) => Promise.resolve({ text, values }),

    count: (request) => count(request),

    async collect(requests) {
      const texts = [];
      for await (const { text } of requests) {
        texts.push(text);
      }
      return { texts };
    },

    async *echo(requests) {
      for await (const { text } of requests) {
        yield { text };
      }
    },
  };
}

async function* count({ to, paddingBytes }: CountRequest): AsyncGenerator<CountResponse> {
  const padding = new Uint8Array(paddingBytes);
  for (let number = 1; number <= to; number++) {
    yield await Promise.resolve({ number, padding });
  }
}
