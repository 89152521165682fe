import type { ServerCall, ServiceImplementation } from "@rollcall/rpc";
import type { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";

/** A ping service whose handlers wait until their call ends. */
export interface WaitingService {
  readonly service: ServiceImplementation<PingServiceDefinition>;
  /** Resolves when the first handler runs. */
  readonly began: Promise<void>;
  /** Resolves when the first call ends, with the reason that its signal gives. */
  readonly ended: Promise<unknown>;
}

/** Makes a service for tests of how calls end that would not end by themselves. */
export function createWaitingService(): WaitingService {
  let begin: () => void = () => undefined;
  let end: (reason: unknown) => void = () => undefined;
  const began = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const ended = new Promise<unknown>((resolve) => {
    end = resolve;
  });
  const wait = (_request: unknown, { signal }: ServerCall) =>
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        end(signal.reason);
        reject(new Error("aborted"));
      });
      begin();
    });
  const waitToStream = async function* (request: unknown, call: ServerCall): AsyncGenerator<never> {
    yield* [];
    await wait(request, call);
  };
  return { service: { ping: wait, count: waitToStream, collect: wait, echo: waitToStream }, began, ended };
}
