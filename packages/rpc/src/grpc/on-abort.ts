type Listener = () => void;

const listenersBySignal = new WeakMap<AbortSignal, Set<Listener>>();

/**
 * Calls the listener once the signal is aborted. The function that comes back forgets it.
 *
 * However many calls heed a signal, it has one listener of theirs: Node takes more than ten for a leak, and says so on
 * standard error.
 */
export function onAbort(signal: AbortSignal, listener: Listener): () => void {
  const listeners = listenersBySignal.get(signal) ?? startListening(signal);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && listenersBySignal.get(signal) === listeners) {
      listenersBySignal.delete(signal);
      signal.removeEventListener("abort", tellListeners);
    }
  };
}

function startListening(signal: AbortSignal): Set<Listener> {
  const listeners = new Set<Listener>();
  listenersBySignal.set(signal, listeners);
  signal.addEventListener("abort", tellListeners, { once: true });
  return listeners;
}

function tellListeners(this: AbortSignal): void {
  const listeners = listenersBySignal.get(this) ?? [];
  listenersBySignal.delete(this);
  for (const listener of listeners) {
    listener();
  }
}
