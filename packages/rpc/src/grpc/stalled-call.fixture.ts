import { connect } from "node:http2";

/**
 * Calls a method that streams responses, and takes none of them: the window lets nothing through, and whatever the server
 * does the call stays open. Resolves when the server has begun to answer.
 */
export async function stalledCall(
  address: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<AsyncDisposable> {
  const session = connect(`http://${address}`, { settings: { initialWindowSize: 0 } });
  const stream = session.request({
    ":method": "POST",
    ":path": "/test.v1.NoteService/List",
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  });
  stream.on("error", () => undefined);
  stream.end(Buffer.alloc(5));
  await new Promise((resolve) => stream.once("response", resolve));
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        session.once("close", resolve);
        session.destroy();
      }),
  };
}
