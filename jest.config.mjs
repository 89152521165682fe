export default {
  // Most tests wait for a process or a disk; one worker less than there are cores, the default, would leave a core idle.
  maxWorkers: "100%",
  testTimeout: 30_000, // a machine that does two things at once may take its time
  projects: ["<rootDir>/packages/*/jest.config.mjs", "<rootDir>/tools/*/jest.config.mjs"],
};
