import { setTimeout as wait } from "node:timers/promises";

/** What to ask, and who hears of the answer. */
export interface ProbeOptions {
  /** Resolves when all is well. A rejection, or silence beyond `timeoutMs`, is not. */
  readonly ping: () => Promise<void>;
  /** Hears whenever the answer differs from the one before. It is taken for well at first. */
  readonly onChange: (well: boolean, error: unknown) => void;
  /** How long to wait between two questions, in milliseconds. Defaults to 1 second. */
  readonly intervalMs?: number | undefined;
  /** How long an answer may take, in milliseconds. Defaults to 1 second. */
  readonly timeoutMs?: number | undefined;
  /** Ends the probe when aborted. */
  readonly signal: AbortSignal;
}

/** Asks again and again whether all is well, until it is told to stop. One question is open at a time. */
export async function probe(options: ProbeOptions): Promise<void> {
  const { ping, onChange, intervalMs = 1_000, timeoutMs = 1_000, signal } = options;
  let well = true;
  while (!signal.aborted) {
    const failure = await ask(ping, timeoutMs, signal);
    if (well !== (failure === undefined) && !isAborted(signal)) {
      well = failure === undefined;
      onChange(well, failure?.error);
    }
    await wait(intervalMs, undefined, { signal, ref: false }).catch(() => undefined); // told to stop
  }
}

async function ask(
  ping: () => Promise<void>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ readonly error: unknown } | undefined> {
  const answered = new AbortController();
  const silence = wait(timeoutMs, undefined, { signal: AbortSignal.any([signal, answered.signal]), ref: false });
  try {
    await Promise.race([
      ping(),
      silence.then(() => {
        throw new Error(`no answer within ${timeoutMs} ms`);
      }),
    ]);
    return undefined;
  } catch (error) {
    return { error };
  } finally {
    answered.abort();
  }
}

/** Apart, because an abort may come during any wait and the compiler takes what it saw before for certain. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
