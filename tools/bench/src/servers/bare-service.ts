import * as grpc from "@grpc/grpc-js";
import { GetUserRequest, GetUserResponse } from "@rollcall/contracts/user/v1/user_service";
import { users } from "./example-users.js";
import { tellBench } from "./tell-bench.js";

/** GetUser as ts-proto generates it for grpc-js (`outputServices=grpc-js`). */
const service = {
  getUser: {
    path: "/user.v1.UserService/GetUser",
    requestStream: false,
    responseStream: false,
    requestSerialize: (value: GetUserRequest) => Buffer.from(GetUserRequest.encode(value).finish()),
    requestDeserialize: (value: Buffer) => GetUserRequest.decode(value),
    responseSerialize: (value: GetUserResponse) => Buffer.from(GetUserResponse.encode(value).finish()),
    responseDeserialize: (value: Buffer) => GetUserResponse.decode(value),
  },
} as const;

const getUser: grpc.handleUnaryCall<GetUserRequest, GetUserResponse> = (call, callback) => {
  const user = users.get(call.request.id);
  if (user === undefined) {
    callback({ code: grpc.status.NOT_FOUND, details: `user ${JSON.stringify(call.request.id)} does not exist` });
    return;
  }
  callback(null, { user });
};

/** Serves GetUser with grpc-js and the generated code, the handler in the documented style. */
export function serveBare(options: grpc.ServerOptions): void {
  const server = new grpc.Server(options);
  server.addService(service, { getUser });
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) {
      throw error;
    }
    tellBench(port);
  });
}
