import { findServer, NobodyToSignInAsError } from "./find-server.js";
import { createNarrator } from "./narrator.js";
import { walk } from "./walk.js";

const wanted = process.env["ROLLCALL_GRPC_ADDRESS"] ?? "127.0.0.1:50051";
const narrator = createNarrator(
  (line) => {
    console.log(line);
  },
  process.stdout.isTTY && process.env["NO_COLOR"] === undefined,
);

try {
  await using server = await findServer(wanted);
  narrator.end([
    server.isOurs
      ? `No server answers on ${wanted}, so the tour has started one for itself on ${server.address}.`
      : `A server answers on ${server.address}; whomever the tour creates there it deletes again.`,
  ]);
  await walk(server, narrator, Date.now().toString(36));
  narrator.end([
    "That was every call of user.v1.UserService and user.v1.AuthService. Next:",
    "  npm start                       run the server with its data in ./.rollcall",
    "  packages/client/README.md       call it from a program of yours",
    "  proto/user/v1                   the contract that all of this is made from",
  ]);
} catch (error) {
  if (!(error instanceof NobodyToSignInAsError)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
