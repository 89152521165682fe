// The limit: node:http2 answering prepared bytes, whatever was asked.
import { createServer } from "node:http2";
import { once } from "node:events";
import { GetUserResponse } from "@rollcall/contracts/user/v1/user_service";
import { frameOf } from "../frame.js";
import { askedUser } from "./example-users.js";
import { tellBench } from "./tell-bench.js";

const answer = frameOf(GetUserResponse.encode({ user: askedUser }).finish());
const header = { ":status": 200, "content-type": "application/grpc+proto" };
const trailer = { "grpc-status": "0" };

const server = createServer();
server.on("stream", (stream) => {
  stream.resume();
  stream.respond(header, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    stream.sendTrailers(trailer);
  });
  stream.end(answer);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
if (address === null || typeof address === "string") {
  throw new Error("a TCP server has a port");
}
tellBench(address.port);
