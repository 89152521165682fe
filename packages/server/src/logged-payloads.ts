import type { PayloadRedaction } from "@rollcall/interceptors/server/logging";
import { redactions } from "./method-tables.js";

/** What the contract's table says of the messages of one method. */
type Redaction = typeof redactions extends ReadonlyMap<string, infer Entry> ? Entry : never;

/** How messages are shown in the log, by the path of their method: without what the contract says must not be shown. */
export const loggedPayloads: ReadonlyMap<string, PayloadRedaction> = new Map(
  [...redactions].map(([path, { request, response }]) => [
    path,
    { request: shown(request), response: shown(response) },
  ]),
);

function shown(redact: Redaction["request"] | Redaction["response"]): (message: unknown) => unknown {
  // The table has each function at the method whose messages it is for.
  return redact === "plain" ? (message) => message : (redact as (message: unknown) => unknown);
}
