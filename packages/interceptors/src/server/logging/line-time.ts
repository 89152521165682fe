/**
 * The same function that tells a line its time, unless it is the `isoTime` of pino: that one takes longer than all the rest
 * of a line, and says the same throughout a millisecond.
 */
export function onceEachMillisecond(time: () => string, now: () => number = Date.now): () => string {
  if (!tellsIsoTime(time, now)) {
    return time;
  }
  let toldMs = Number.NaN;
  let text = "";
  return () => {
    const nowMs = now();
    if (nowMs !== toldMs) {
      toldMs = nowMs;
      text = isoTime(nowMs);
    }
    return text;
  };
}

function tellsIsoTime(time: () => string, now: () => number): boolean {
  const before = isoTime(now());
  const told = time();
  return told === before || told === isoTime(now()); // a millisecond may have ended meanwhile
}

function isoTime(ms: number): string {
  return `,"time":"${new Date(ms).toISOString()}"`;
}
