import { type Environment, parseConfig } from "./config.js";
import { ConfigError } from "./config-error.js";

/** The sentence with which settings are refused; `accepted` when they are not. */
export function refusalOf(environment: Environment): string {
  try {
    parseConfig(environment);
    return "accepted";
  } catch (error) {
    return error instanceof ConfigError ? error.message : `unexpected: ${String(error)}`;
  }
}
