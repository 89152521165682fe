/** One call, that is made again and again. */
export interface LoadTarget {
  readonly port: number;
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The framed request. */
  readonly body: Uint8Array;
}

/** What came of a number of calls. */
export interface LoadResult {
  readonly seconds: number;
  /** All bytes of all response bodies. */
  readonly bodyBytes: number;
}

/** Makes calls from another process, over 4 connections with 32 streams each. */
export type Load = (target: LoadTarget, calls: number) => Promise<LoadResult>;

/** How the load is shaped: what every row of the unary goals says. */
export const connections = 4;
/** Calls that are in flight on each connection at a time. */
export const streamsPerConnection = 32;
