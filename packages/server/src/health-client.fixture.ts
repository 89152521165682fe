import * as grpc from "@grpc/grpc-js";
import { service as definition } from "grpc-health-check";

type Answer = Readonly<Record<string, unknown>>;

/** Asks a server's health as any gRPC client does, without our call layer. */
export interface HealthClient {
  check(service: string): Promise<Answer>;
  list(): Promise<Answer>;
  /** The states that Watch tells, one after the other. Fails the way the call ends. */
  watch(service: string): AsyncIterator<Answer, undefined>;
  [Symbol.dispose](): void;
}

/** Connects to a server's health service. */
export function createHealthClient(address: string): HealthClient {
  const client = new grpc.Client(address, grpc.credentials.createInsecure());
  const watches: grpc.ClientReadableStream<unknown>[] = [];
  const unary = (name: string, request: object) =>
    new Promise<Answer>((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = methodNamed(name);
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, response) => {
        if (error === null) {
          resolve(response as Answer); // there is one where there is no error
        } else {
          reject(error);
        }
      });
    });
  return {
    check: (service) => unary("Check", { service }),
    list: () => unary("List", {}),
    watch(service) {
      const { path, requestSerialize, responseDeserialize } = methodNamed("Watch");
      const call = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { service });
      watches.push(call.on("error", () => undefined)); // the iterator tells it too
      return call[Symbol.asyncIterator]() as AsyncIterator<Answer, undefined>; // grpc-js types a stream's messages as any
    },
    [Symbol.dispose]() {
      watches.forEach((call) => {
        call.cancel();
      });
      client.close();
    },
  };
}

function methodNamed(name: string) {
  const method = definition[name];
  if (method === undefined) {
    throw new Error(`the health service has no method ${name}`);
  }
  return method;
}
