import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRollcallClient, deadlineIn, type EmailAndPassword, StatusError } from "@rollcall/client";
import { createLogger, parseConfig, startServer } from "@rollcall/server";
import type { WalkedServer } from "./walk.js";

/** A server to walk through. */
export interface FoundServer extends WalkedServer, AsyncDisposable {
  /** Whether it was started for the tour, and stops with it. */
  readonly isOurs: boolean;
}

/** A server answers, and who may walk through it has not been said. */
export class NobodyToSignInAsError extends Error {
  override readonly name = "NobodyToSignInAsError";

  constructor(address: string) {
    super(
      `a server answers on ${address}: set ROLLCALL_TOUR_EMAIL and ROLLCALL_TOUR_PASSWORD to those of an administrator of it`,
    );
  }
}

const answerWithinMs = 1_000;

/**
 * The server at an address, or when none answers there one of our own, on a free port with an empty store.
 *
 * @param environment - Says whom to sign in as on a server that is not ours.
 * @throws NobodyToSignInAsError where it does not.
 */
export async function findServer(
  address: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<FoundServer> {
  if (!(await answers(address))) {
    return startOwnServer();
  }
  const { ROLLCALL_TOUR_EMAIL: email = "", ROLLCALL_TOUR_PASSWORD: password = "" } = environment;
  if (email === "" || password === "") {
    throw new NobodyToSignInAsError(address);
  }
  return {
    address,
    administrator: { email, password },
    isOurs: false,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function answers(address: string): Promise<boolean> {
  await using client = createRollcallClient({ address, maxReconnectBackoffMs: answerWithinMs });
  try {
    await client.connect({ deadline: deadlineIn(answerWithinMs) });
    return true;
  } catch (error) {
    if (error instanceof StatusError) {
      return false;
    }
    throw error;
  }
}

async function startOwnServer(): Promise<FoundServer> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-tour-"));
  const administrator: EmailAndPassword = {
    email: "admin@rollcall.local",
    password: randomBytes(12).toString("base64url"),
  };
  const passwordFile = join(folder, "admin-password");
  await writeFile(passwordFile, administrator.password, { mode: 0o600 });
  const config = parseConfig({
    ROLLCALL_GRPC_ADDRESS: "127.0.0.1:0",
    ROLLCALL_DATA_DIR: join(folder, "data"),
    ROLLCALL_ADMIN_EMAIL: administrator.email,
    ROLLCALL_ADMIN_PASSWORD_FILE: passwordFile,
  });
  const server = await startServer({ config, logger: createLogger({ level: "error" }) });
  return {
    address: server.address,
    administrator,
    isOurs: true,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
