/** Requests that a test sends when it wants to, in a call that it does not end. */
export interface OpenRequests extends AsyncIterable<{ readonly text: string }> {
  send(text: string): void;
}

/** Makes a stream of requests that stays open. */
export function createOpenRequests(...first: readonly string[]): OpenRequests {
  const waiting = [...first];
  let wake = (): void => undefined;
  return {
    send(text) {
      waiting.push(text);
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const text = waiting.shift();
        if (text === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else {
          yield { text };
        }
      }
    },
  };
}
