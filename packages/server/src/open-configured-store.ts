import { type Config, variableOf } from "./config.js";
import { redactUrl } from "./redact-url.js";
import { StartError } from "./start-error.js";
import { openStore } from "./storage/open-store.js";
import type { Store } from "./storage/store.js";
import { StoreError } from "./storage/store-error.js";

/**
 * Opens the store that the settings name.
 *
 * @throws {@link StartError} with what to do about it.
 */
export async function openConfiguredStore({ databaseUrl, dataDir }: Config): Promise<Store> {
  try {
    return await openStore({ databaseUrl, dataDir });
  } catch (error) {
    throw error instanceof StoreError ? new StartError(sentenceOf(error, databaseUrl), { cause: error }) : error;
  }
}

/** Where the users are, in a few words and without secrets. */
export function describeStore({ databaseUrl, dataDir }: Config): string {
  return databaseUrl === undefined ? `SQLite in ${dataDir}` : `PostgreSQL at ${redactUrl(databaseUrl)}`;
}

function sentenceOf({ kind, message }: StoreError, databaseUrl: string | undefined): string {
  const setting = variableOf(databaseUrl === undefined ? "dataDir" : "databaseUrl");
  switch (kind) {
    case "unavailable":
      return databaseUrl === undefined ? message : `${message}; start PostgreSQL or correct ${setting}`;
    case "misconfigured":
    case "folderInUse":
      return `${message} (${setting})`;
    case "full":
      return `${message}; free some space or set ${setting} to another place`;
    default:
      return message;
  }
}
