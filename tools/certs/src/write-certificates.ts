import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTestCertificates } from "@rollcall/testing";

/** Where the certificates go, and for which server. */
export interface WriteCertificatesOptions {
  /** The folder, which is made if it is not there. */
  readonly folder: string;
  /** Names and addresses of the server beside those of this machine itself. */
  readonly hosts: readonly string[];
  /** Whether files that are there may be replaced. */
  readonly replace: boolean;
}

const publicMode = 0o644;
const privateMode = 0o600;

/**
 * Makes an authority, and a certificate of a server and of a client that it has signed. The authority's own key is not
 * kept: nobody can sign another certificate with it.
 *
 * @returns the paths of the files
 * @throws Error with what to do about it, if one of the files is there already
 */
export async function writeCertificates({ folder, hosts, replace }: WriteCertificatesOptions): Promise<string[]> {
  const { ca, server, client } = await createTestCertificates({ hosts });
  await mkdir(folder, { recursive: true });
  const files = [
    { name: "ca.crt", text: ca, mode: publicMode },
    { name: "server.crt", text: server.certificate, mode: publicMode },
    { name: "server.key", text: server.key, mode: privateMode },
    { name: "client.crt", text: client.certificate, mode: publicMode },
    { name: "client.key", text: client.key, mode: privateMode },
  ];
  const paths: string[] = [];
  for (const { name, text, mode } of files) {
    const path = join(folder, name);
    await writeNew(path, text, mode, replace);
    paths.push(path);
  }
  return paths;
}

async function writeNew(path: string, text: string, mode: number, replace: boolean): Promise<void> {
  try {
    await writeFile(path, text, { mode, flag: replace ? "w" : "wx" });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") {
      throw new Error(`${path} is there already; add --replace to replace it, or name another folder with --out`, {
        cause,
      });
    }
    throw cause;
  }
}
