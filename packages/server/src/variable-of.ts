import type { SettingName } from "./config.js";

/** What the environment variables of all settings begin with. */
export const variablePrefix = "ROLLCALL_";

/** The environment variable of a setting: `ROLLCALL_GRPC_ADDRESS` for `grpcAddress`. */
export function variableOf(name: SettingName): string {
  return variablePrefix + name.replace(/[A-Z]/g, "_$&").toUpperCase();
}
