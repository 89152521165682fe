import { exitOnUncaught } from "./last-resort.js";
import { createLogger } from "./logger.js";

// Fails the way that its argument names, in a way that nobody catches.
exitOnUncaught(createLogger({ level: "info" }));
setInterval(() => undefined, 1_000); // by itself it would go on for ever
if (process.argv[2] === "throw") {
  setImmediate(() => {
    throw new Error("defect", { cause: new Error("root") });
  });
} else {
  void Promise.reject(new Error("defect", { cause: new Error("root") }));
}
