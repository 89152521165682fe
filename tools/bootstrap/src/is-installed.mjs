import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ readonly version?: string, readonly resolved?: string, readonly optional?: boolean }} Entry */

/**
 * Tells whether `node_modules` holds what `package-lock.json` says, by npm's own record of what it installed. Contents
 * are compared, not dates: a checkout touches the lockfile without changing it.
 *
 * @param {string} root The folder that holds both.
 * @returns {boolean}
 */
export function isInstalled(root) {
  const installedPath = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedPath)) {
    return false;
  }
  const installed = readEntries(installedPath);
  return Object.entries(readEntries(join(root, "package-lock.json"))).every(([path, wanted]) => {
    const found = installed[path];
    // The root itself is not recorded, and an optional package may be one for another platform.
    return path === "" || (found === undefined ? wanted.optional === true : found.version === wanted.version);
  });
}

/**
 * @param {string} path
 * @returns {Readonly<Record<string, Entry>>}
 */
function readEntries(path) {
  return /** @type {{ packages: Record<string, Entry> }} */ (JSON.parse(readFileSync(path, "utf8"))).packages;
}
