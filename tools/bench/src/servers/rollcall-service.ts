import { type ServerInterceptor, type ServiceImplementation, Status, StatusError } from "@rollcall/rpc";
import { bindService, createServer, listen } from "@rollcall/rpc/grpc";
import { getUserService, users } from "./example-users.js";
import { tellBench } from "./tell-bench.js";

const service: ServiceImplementation<typeof getUserService> = {
  async getUser({ id }) {
    const user = users.get(id);
    if (user === undefined) {
      throw new StatusError(Status.NOT_FOUND, `user ${JSON.stringify(id)} does not exist`);
    }
    return { user };
  },
};

/** Serves GetUser with Rollcall's call layer and these interceptors around it. */
export async function serveRollcall(interceptors: readonly ServerInterceptor[]): Promise<void> {
  const server = createServer();
  const bound = bindService(getUserService, service, { interceptors });
  server.addService(bound.service, bound.handlers);
  const { port } = await listen(server, "127.0.0.1:0");
  tellBench(port);
}
