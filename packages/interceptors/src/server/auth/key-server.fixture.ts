import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JWK } from "jose";

export interface KeyServer extends AsyncDisposable {
  readonly url: string;
  /** How often it was asked. */
  readonly requests: number;
  /** How it answers from now on. */
  answer: (response: ServerResponse) => void;
}

/** Answers with keys. */
export const withKeys = (...keys: readonly Partial<JWK>[]) => withText(JSON.stringify({ keys }));

/** Answers with a text. */
export const withText = (text: string) => (response: ServerResponse) => {
  response.end(text);
};

/** Answers with a status, and keys nonetheless. */
export const withStatus =
  (status: number, headers: Readonly<Record<string, string>> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(status, headers).end('{"keys":[]}');
  };

/** A host of keys, on a free port. */
export async function startKeyServer(answer: KeyServer["answer"]): Promise<KeyServer> {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests++;
    keyServer.answer(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a server on a TCP port has no other kind of address
  const keyServer = {
    url: `http://127.0.0.1:${String(port)}/keys`,
    answer,
    get requests() {
      return requests;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return keyServer;
}
