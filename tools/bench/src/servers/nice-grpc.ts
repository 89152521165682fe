// nice-grpc with six middlewares that do nothing.
import { createServer, type ServerMiddleware, ServerError, Status } from "nice-grpc";
import { getUserService, users } from "./example-users.js";
import { tellBench } from "./tell-bench.js";

const empty: ServerMiddleware = async function* empty(call, context) {
  return yield* call.next(call.request, context);
};

const server = createServer().use(empty).use(empty).use(empty).use(empty).use(empty).use(empty);
server.add(getUserService, {
  async getUser({ id }) {
    const user = users.get(id);
    if (user === undefined) {
      throw new ServerError(Status.NOT_FOUND, `user ${JSON.stringify(id)} does not exist`);
    }
    return { user };
  },
});
tellBench(await server.listen("127.0.0.1:0"));
