export { repositoryRoot } from "./repository-root.js";
export { runCommand } from "./run-command.js";
export type { CommandOptions, CommandResult } from "./run-command.js";
export { createTemporaryFolder } from "./temporary-folder.js";
export type { TemporaryFolder } from "./temporary-folder.js";
