import { type Config, parseConfig, purposeOf, type SettingName, settingNames, variableOf } from "./config.js";
import { redactUrl } from "./redact-url.js";

/** What is in force, one `VARIABLE=value` per line, without secrets. */
export function describeConfig(config: Config): string {
  return settingNames.map((name) => `${variableOf(name)}=${show(config, name)}\n`).join("");
}

/** How the server is used, with all settings and their defaults. */
export function helpText(): string {
  const defaults = parseConfig({});
  const width = Math.max(...settingNames.map((name) => variableOf(name).length));
  const lines = settingNames.map((name) => {
    const byDefault = show(defaults, name);
    return `  ${variableOf(name).padEnd(width)}  ${purposeOf(name)}${byDefault === "" ? "" : ` (${byDefault})`}`;
  });
  return [
    "usage: rollcall-server [config | --help | --version]",
    "",
    "Runs the Rollcall server until it is told to stop. `config` shows the settings in force instead.",
    "",
    "Environment:",
    ...lines,
    "",
  ].join("\n");
}

function show(config: Config, name: SettingName): string {
  const value = config[name];
  if (value === undefined) {
    return "";
  }
  return name === "databaseUrl" ? redactUrl(String(value)) : String(value);
}
