// What a careful newcomer would write: grpc-js and the generated code, handlers in the documented style, users in a Map.
// It checks nothing and stores nothing; it is what the figures of the product on bulk are compared with.
import { once } from "node:events";
import * as grpc from "@grpc/grpc-js";
import { User, UserStatus } from "@rollcall/contracts/user/v1/user";
import { CreateUserRequest, ListUsersRequest, ListUsersResponse } from "@rollcall/contracts/user/v1/user_service";

const users = new Map<string, User>();

const service = {
  createUsers: {
    path: "/user.v1.UserService/CreateUsers",
    requestStream: true,
    responseStream: false,
    requestSerialize: (value: CreateUserRequest) => Buffer.from(CreateUserRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer) => CreateUserRequest.decode(value),
    responseSerialize: (value: ListUsersResponse) => Buffer.from(ListUsersResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer) => ListUsersResponse.decode(value),
  },
  listUsers: {
    path: "/user.v1.UserService/ListUsers",
    requestStream: false,
    responseStream: true,
    requestSerialize: (value: ListUsersRequest) => Buffer.from(ListUsersRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer) => ListUsersRequest.decode(value),
    responseSerialize: (value: User) => Buffer.from(User.encode(value).finish()),
    responseDeserialize: (value: Buffer) => User.decode(value),
  },
} as const;

const createUsers: grpc.handleClientStreamingCall<CreateUserRequest, ListUsersResponse> = (call, callback) => {
  const created: User[] = [];
  call.on("data", (request: CreateUserRequest) => {
    const user = newUser(request);
    users.set(user.id, user);
    created.push(user);
  });
  call.on("end", () => {
    callback(null, { users: created, totalCount: created.length, hasMore: false });
  });
};

function newUser({ name, email, phone, roles, metadata }: CreateUserRequest): User {
  const now = new Date();
  return {
    id: String(users.size + 1).padStart(36, "0"),
    name,
    email,
    phone,
    roles,
    metadata,
    status: UserStatus.USER_STATUS_ACTIVE,
    createdAt: now,
    updatedAt: now,
    etag: '"1"',
  };
}

const listUsers: grpc.handleServerStreamingCall<ListUsersRequest, User> = (call) => {
  void writeAll(call);
};

async function writeAll(call: grpc.ServerWritableStream<ListUsersRequest, User>): Promise<void> {
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
