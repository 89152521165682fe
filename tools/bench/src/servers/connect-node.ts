// connect-node with six interceptors that do nothing, and the code that protoc-gen-es makes.
import { createServer } from "node:http2";
import { once } from "node:events";
import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { type User, UserSchema, UserStatus } from "../gen/user/v1/user_pb.js";
import { UserService } from "../gen/user/v1/user_service_pb.js";
import { users as examples } from "./example-users.js";
import { tellBench } from "./tell-bench.js";

/** The same users, as messages of protobuf-es. */
const users: ReadonlyMap<string, User> = new Map(
  [...examples].map(([id, { phone = "", createdAt, updatedAt, ...rest }]) => {
    const times = {
      createdAt: timestampFromDate(createdAt ?? new Date(0)),
      updatedAt: timestampFromDate(updatedAt ?? new Date(0)),
    };
    return [id, create(UserSchema, { ...rest, ...times, phone, status: UserStatus.ACTIVE })];
  }),
);

const empty: Interceptor = (next) => async (request) => await next(request);

const handler = connectNodeAdapter({
  interceptors: [empty, empty, empty, empty, empty, empty],
  routes: (router) => {
    router.service(UserService, {
      getUser({ id }) {
        const user = users.get(id);
        if (user === undefined) {
          throw new ConnectError(`user ${JSON.stringify(id)} does not exist`, Code.NotFound);
        }
        return { user };
      },
    });
  },
});

const server = createServer(handler).listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
if (address === null || typeof address === "string") {
  throw new Error("a TCP server has a port");
}
tellBench(address.port);
