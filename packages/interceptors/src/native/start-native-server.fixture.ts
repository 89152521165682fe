import * as grpc from "@grpc/grpc-js";
import {
  type ClientInterceptor,
  type Interceptor,
  type ServerCall,
  type ServerInterceptor,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { answering, type NativeHandlers, nativePingService } from "./native-ping.fixture.js";
import { toNativeClientInterceptor } from "./to-native-client-interceptor.js";
import { type NativeServerOptions, toNativeServerInterceptor } from "./to-native-server-interceptor.js";

/** A plain server of grpc-js and a plain client of it, both with adapted interceptors. */
export interface NativeServer extends AsyncDisposable {
  readonly client: grpc.Client;
  readonly address: string;
}

export interface NativeServerFixtureOptions extends NativeServerOptions {
  readonly interceptors?: readonly ServerInterceptor[];
  readonly clientInterceptors?: readonly ClientInterceptor[];
  readonly handlers?: Partial<NativeHandlers>;
}

/** Starts both. */
export async function startNativeServer(options: NativeServerFixtureOptions = {}): Promise<NativeServer> {
  const { interceptors = [], clientInterceptors = [], handlers = {}, ...adapter } = options;
  const server = new grpc.Server({ interceptors: [toNativeServerInterceptor(interceptors, adapter)] });
  server.addService(nativePingService, { ...answering, ...handlers });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) {
        resolve(bound);
      } else {
        reject(error);
      }
    });
  });
  const address = `127.0.0.1:${String(port)}`;
  const client = connectNatively(address, clientInterceptors, adapter);
  return {
    client,
    address,
    [Symbol.asyncDispose]: () => {
      client.close();
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

/** A plain client of grpc-js with adapted interceptors. */
export function connectNatively(
  address: string,
  interceptors: readonly ClientInterceptor[] = [],
  options: NativeServerOptions = {},
): grpc.Client {
  return new grpc.Client(address, grpc.credentials.createInsecure(), {
    interceptors: [toNativeClientInterceptor(interceptors, options)],
  });
}

/** Lets everything else run until something is true. */
export async function eventually(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Notes how each call ends, and shows the call itself. */
export function observe<C>() {
  const calls: C[] = [];
  const ends: unknown[] = [];
  const interceptor: Interceptor<C> = () => async (call, next) => {
    calls.push(call);
    try {
      await next();
      ends.push(Status.OK);
    } catch (error) {
      ends.push(error instanceof StatusError ? error.code : error);
      throw error;
    }
  };
  return { calls, ends, interceptor };
}

/** Starts both, and notes the calls that reach the server, which sends something beside its answer. */
export async function startNotingServer(...clientInterceptors: ClientInterceptor[]) {
  const seen: ServerCall[] = [];
  const note: ServerInterceptor = () => (call, next) => {
    seen.push(call);
    call.header.set("x-header", "h");
    call.trailer.set("x-trailer", "t");
    return next();
  };
  const services = [PingServiceDefinition];
  const server = await startNativeServer({ clientInterceptors, services, interceptors: [note] });
  return { client: server.client, seen, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
