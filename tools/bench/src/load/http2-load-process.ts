// A process that makes calls over node:http2 until it has made as many as it was told, says how it went, and ends.
import { once } from "node:events";
import { type ClientHttp2Session, connect } from "node:http2";
import { connections, type LoadResult, streamsPerConnection } from "./load.js";
import type { LoadOrder } from "./http2-load.js";

const [order] = (await once(process, "message")) as [LoadOrder]; // the bench sends nothing else
const header = { ...order.metadata, ":method": "POST", ":path": order.path };
const body = Buffer.from(order.bodyBase64, "base64");
let remaining = order.calls;
let bodyBytes = 0;

const startMs = performance.now();
await Promise.all(Array.from({ length: connections }, () => loadConnection()));
const result: LoadResult = { seconds: (performance.now() - startMs) / 1_000, bodyBytes };
process.send?.(result, () => {
  process.disconnect();
});

async function loadConnection(): Promise<void> {
  const session = connect(`http://127.0.0.1:${order.port}`);
  await Promise.all(Array.from({ length: streamsPerConnection }, () => loadStreams(session)));
  session.close();
}

async function loadStreams(session: ClientHttp2Session): Promise<void> {
  while (remaining > 0) {
    remaining--;
    await call(session);
  }
}

function call(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.request(header);
    stream.on("data", (chunk: Buffer) => {
      bodyBytes += chunk.byteLength;
    });
    stream.on("error", reject);
    stream.on("close", resolve);
    stream.end(body);
  });
}
