import { setTimeout as sleep } from "node:timers/promises";
import { isNativeError } from "node:util/types";
import type { ServerTls } from "@rollcall/rpc/grpc";
import { type Config, variableOf } from "./config.js";
import type { Logger } from "./logger.js";
import { readServerTls } from "./read-server-tls.js";

/** Who takes new certificates, and how often they are looked for. */
export interface WatchCertificatesOptions {
  /** What the server was started with. */
  readonly tls: ServerTls;
  /** Called with what the files hold now, whenever that has changed and fits together. */
  readonly renew: (tls: ServerTls) => void;
  readonly logger: Logger;
  /** Ends the watch when aborted. */
  readonly signal: AbortSignal;
  /** How often the files are read. Defaults to 1 second. */
  readonly everyMs?: number | undefined;
}

/**
 * Takes over certificates as soon as their files change, for connections made from then on. The files are read, not watched:
 * links that are turned to other files, as Kubernetes does with secrets, look like no change to a watcher. Files that cannot
 * be used leave the old certificates in force, and the log says why, once for each change.
 */
export async function watchCertificates(config: Config, options: WatchCertificatesOptions): Promise<void> {
  const { renew, logger, signal, everyMs = 1_000 } = options;
  let current = options.tls;
  let complaint = "";
  while (await passes(everyMs, signal)) {
    try {
      const found = await readServerTls(config);
      if (found !== undefined && !isSame(found, current)) {
        renew(found);
        current = found;
        logger.info(`took over the certificate in ${variableOf("tlsCertificateFile")}`);
      }
      complaint = "";
    } catch (error) {
      const text = isNativeError(error) ? error.message : String(error);
      if (text !== complaint) {
        logger.error(`the certificate stays as it was, because the new one cannot be used: ${text}`);
      }
      complaint = text;
    }
  }
}

/** Whether the time has passed; false once the signal is aborted. */
function passes(ms: number, signal: AbortSignal): Promise<boolean> {
  return sleep(ms, true, { signal, ref: false }).catch(() => false);
}

function isSame(one: ServerTls, other: ServerTls): boolean {
  return (["certificate", "key", "clientCa"] as const).every(
    (name) => String(one[name] ?? "") === String(other[name] ?? ""),
  );
}
