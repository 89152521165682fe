// The first line of `npm start`, `npm test` and `npm run tour`. It needs nothing but Node and npm, so that they work on
// a fresh clone: it installs the dependencies when they are not those of the lockfile, and then does what was asked.
import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { isInstalled } from "./bootstrap/src/is-installed.mjs";
import { onceEach } from "./bootstrap/src/once-each.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const fromSource = ["--conditions=@rollcall/source", "--import", "tsx"];

/**
 * What each task runs with Node, in order. The last program takes the arguments and the signals.
 *
 * @type {Readonly<Record<string, readonly (readonly string[])[]>>}
 */
const tasks = {
  start: [
    ["node_modules/typescript/bin/tsc", "-b", "packages/server/tsconfig.lib.json"],
    ["packages/server/dist/main.js"],
  ],
  test: [[...fromSource, "tools/test/src/main.ts"]],
  tour: [[...fromSource, "tools/tour/src/main.ts"]],
};

/**
 * Installs what the lockfile says, when anything else is installed. `npm ci` would refuse a lockfile that lacks the
 * optional packages of other platforms, as one does that was made where the registry does not serve them; `npm install`
 * takes the locked versions all the same, and is told to leave the lockfile as it is.
 *
 * @returns {void}
 */
function install() {
  if (isInstalled(root)) {
    return;
  }
  console.log("installing the dependencies of package-lock.json; this takes about a minute");
  const args = ["install", "--no-save", "--no-audit", "--no-fund"];
  const { status } = spawnSync("npm", args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

/**
 * Runs a program to its end, and ends with its exit code if it fails.
 *
 * @param {readonly string[]} args
 * @returns {void}
 */
function runFirst(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

/**
 * Becomes the program, as far as Node can: it gets each signal once, and its exit code is this process's. A terminal
 * sends Ctrl-C to everyone, and npm sends it on once more, which a server would take for impatience; so the program
 * leaves the terminal's process group and hears of signals from here alone.
 *
 * @param {readonly string[]} args
 * @returns {void}
 */
function become(args) {
  const detached = process.platform !== "win32";
  const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit", detached });
  // The whole group, so that what the program started hears of it too, as it would at a terminal.
  const forward = onceEach((signal) => {
    if (detached && child.pid !== undefined) {
      process.kill(-child.pid, signal);
    } else {
      child.kill(signal);
    }
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, forward);
  }
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
  });
}

const [name = "", ...rest] = process.argv.slice(2);
const task = tasks[name];
const last = task?.at(-1);
if (task === undefined || last === undefined) {
  console.error(`unknown task "${name}": one of ${Object.keys(tasks).join(", ")} is needed`);
  process.exit(1);
}
install();
task.slice(0, -1).forEach(runFirst);
become([...last, ...rest]);
