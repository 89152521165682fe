import type * as grpc from "@grpc/grpc-js";
import { Status } from "@rollcall/rpc";
import { HealthImplementation, service as healthDefinition } from "grpc-health-check";

/** The full name of the health service. */
export const healthServiceName = "grpc.health.v1.Health";

/** Tells clients and load balancers whether to send calls here, by the standard protocol: Check, Watch and List. */
export interface Health {
  /** Adds the health service to a server. Its own calls go on while the server drains. */
  addTo(server: grpc.Server): void;
  /** Says whether the server can do its work. Has no effect once it leaves. */
  setServing(serving: boolean): void;
  /** Turns everything `NOT_SERVING` for good: the server is about to go away. */
  leave(): void;
  /** Ends the calls of Watch with `UNAVAILABLE`, which otherwise have no end. */
  endWatches(): void;
}

type WatchCall = grpc.ServerWritableStream<unknown, unknown>;

/**
 * Makes the health of a server, serving at first.
 *
 * @param services - The full names of its services. The whole server is known under the empty name.
 */
export function createHealth(services: readonly string[]): Health {
  const names = ["", ...services];
  const watches = new Set<WatchCall>();
  const implementation = new HealthImplementation(Object.fromEntries(names.map((name) => [name, "SERVING"])));
  let serving = true;
  let leaving = false;

  const tell = (next: boolean) => {
    if (serving !== next) {
      serving = next;
      for (const name of names) {
        implementation.setStatus(name, serving ? "SERVING" : "NOT_SERVING");
      }
    }
  };

  return {
    addTo(server) {
      implementation.addToServer({
        addService: (_service, handlers) => {
          // The package serves Watch, as the protocol has it, with a stream of responses.
          const watch = handlers["watch"] as grpc.handleServerStreamingCall<unknown, unknown>;
          server.addService(healthDefinition, { ...handlers, watch: tracked(watch, watches) });
        },
      });
    },
    setServing(next) {
      if (!leaving) {
        tell(next);
      }
    },
    leave() {
      leaving = true;
      tell(false);
    },
    endWatches() {
      for (const call of watches) {
        call.emit("error", { code: Status.UNAVAILABLE, details: "the server is going away; connect again" });
      }
    },
  };
}

/** Keeps the calls that are open in `open`. */
function tracked(
  watch: grpc.handleServerStreamingCall<unknown, unknown>,
  open: Set<WatchCall>,
): grpc.handleServerStreamingCall<unknown, unknown> {
  return (call) => {
    open.add(call);
    const forget = () => open.delete(call);
    call.once("cancelled", forget).once("close", forget);
    watch(call);
  };
}
