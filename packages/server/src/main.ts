#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { type Config, parseConfig } from "./config.js";
import { ConfigError } from "./config-error.js";
import { describeConfig, helpText } from "./config-report.js";
import { runServer } from "./run-server.js";
import { StartError } from "./start-error.js";

async function serve(): Promise<never> {
  await runServer(readConfig());
  process.exit(0); // whatever still lingers has nothing more to do
}

function readConfig(): Config {
  return parseConfig(process.env);
}

function readVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { version: string }; // our own package's, which npm requires to have one
  return version;
}

async function main(args: readonly string[]): Promise<void> {
  const command = args.join(" ");
  switch (command) {
    case "":
      await serve();
      break;
    case "config":
      process.stdout.write(describeConfig(readConfig()));
      break;
    case "--help":
      process.stdout.write(helpText());
      break;
    case "--version":
      process.stdout.write(`${readVersion()}\n`);
      break;
    default:
      throw new ConfigError(`${JSON.stringify(command)} is not a command; rollcall-server --help lists all`);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StartError)) {
    throw error;
  }
  process.stderr.write(`rollcall-server: ${error.message}\n`);
  process.exit(1);
}
