/**
 * Passes signals on, taking those of one kind that come within 200 ms for one: the same key press that arrives by two ways.
 *
 * @param {(signal: NodeJS.Signals) => void} forward
 * @param {() => number} [nowMs] The current time in milliseconds.
 * @returns {(signal: NodeJS.Signals) => void}
 */
export function onceEach(forward, nowMs = Date.now) {
  /** @type {Map<NodeJS.Signals, number>} */
  const lastMs = new Map();
  return (signal) => {
    const now = nowMs();
    const isEcho = now - (lastMs.get(signal) ?? -Infinity) < 200;
    lastMs.set(signal, now);
    if (!isEcho) {
      forward(signal);
    }
  };
}
