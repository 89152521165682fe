// What a careful newcomer would write: grpc-js and the generated code, handlers in the documented style, users in a Map.
// It checks nothing and stores nothing; it is what the figures of the product are compared with.
import { once } from "node:events";
import * as grpc from "@grpc/grpc-js";
import { User } from "@rollcall/contracts/user/v1/user";
import { CreateUserRequest, ListUsersRequest, ListUsersResponse } from "@rollcall/contracts/user/v1/user_service";

/** @type {Map<string, User>} */
const users = new Map();

/**
 * A method as grpc-js wants it.
 *
 * @template Request, Response
 * @param {string} name
 * @param {{ decode(bytes: Uint8Array): Request }} requestType
 * @param {{ encode(message: Response): { finish(): Uint8Array } }} responseType
 * @param {{ requestStream: boolean, responseStream: boolean }} streams
 * @returns {grpc.MethodDefinition<Request, Response>}
 */
function method(name, requestType, responseType, streams) {
  const unused = () => {
    throw new Error("this is a server");
  };
  return {
    path: `/user.v1.UserService/${name}`,
    ...streams,
    requestSerialize: unused,
    requestDeserialize: (bytes) => requestType.decode(bytes),
    responseSerialize: (message) => Buffer.from(responseType.encode(message).finish()),
    responseDeserialize: unused,
  };
}

const service = {
  createUsers: method("CreateUsers", CreateUserRequest, ListUsersResponse, {
    requestStream: true,
    responseStream: false,
  }),
  listUsers: method("ListUsers", ListUsersRequest, User, { requestStream: false, responseStream: true }),
};

/** @type {grpc.handleClientStreamingCall<CreateUserRequest, ListUsersResponse>} */
function createUsers(call, callback) {
  /** @type {User[]} */
  const created = [];
  call.on("data", (/** @type {CreateUserRequest} */ { name, email, phone, roles, metadata }) => {
    const id = String(users.size + 1).padStart(36, "0");
    const now = new Date();
    const user = { id, name, email, phone, roles, metadata, status: 1, createdAt: now, updatedAt: now, etag: '"1"' };
    users.set(id, user);
    created.push(user);
  });
  call.on("end", () => {
    callback(null, { users: created, totalCount: created.length, hasMore: false });
  });
}

/**
 * @param {grpc.ServerWritableStream<ListUsersRequest, User>} call
 * @returns {Promise<void>}
 */
async function listUsers(call) {
  for (const user of users.values()) {
    if (!call.write(user)) {
      await once(call, "drain");
    }
  }
  call.end();
}

const server = new grpc.Server();
server.addService(service, { createUsers, listUsers });
server.bindAsync(process.argv[2] ?? "127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error) => {
  if (error !== null) {
    throw error;
  }
});
