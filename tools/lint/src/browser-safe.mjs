import { builtinModules } from "node:module";

/** The folders whose code runs in browsers as well. */
export const browserSafeFiles = [
  "packages/rpc/src/**/*.ts",
  "packages/contracts/src/**/*.ts",
  "packages/interceptors/src/client/**/*.ts",
  "packages/interceptors/src/{metrics,tracing}/**/*.ts",
  "packages/interceptors/src/{call-level,concern,create-request-id,ended-status,request-id-key,standard-order,trace-context,when}.ts",
];

/** What among those is for Node alone: the binding to grpc-js, and tests. */
export const nodeOnlyFiles = ["packages/rpc/src/grpc/**", "**/*.{test,test-d,fixture}.ts"];

const message = "this file runs in browsers: keep what needs Node under packages/rpc/src/grpc or on the server's side";

/** @type {[{ group: string[], message: string }]} */
export const nodeImports = [
  {
    group: ["node:*", ...builtinModules, "@grpc/grpc-js", "@grpc/grpc-js/*", "@rollcall/rpc/grpc", "**/grpc/*.js"],
    message,
  },
];

/** What Node puts into the global scope and browsers do not. */
export const nodeGlobals = ["Buffer", "process", "global", "require", "module", "setImmediate", "clearImmediate"].map(
  (name) => ({ name, message }),
);
