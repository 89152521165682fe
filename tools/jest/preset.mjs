/** How every package runs its tests: sources as ES modules, compiled by swc, without a build. */
export default {
  testEnvironment: "node",
  testEnvironmentOptions: { customExportConditions: ["@rollcall/source", "node", "node-addons"] },
  testMatch: ["<rootDir>/src/**/*.test.ts"],
  // What takes minutes to show runs when asked for (`npm run soak`); a short form of each runs always.
  testPathIgnorePatterns: process.env.ROLLCALL_SOAK === "1" ? [] : ["\\.soak\\.test\\.ts$"],
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      {
        swcrc: false,
        jsc: { target: "es2022", parser: { syntax: "typescript", explicitResourceManagement: true } },
        module: { type: "es6" },
      },
    ],
  },
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
};
