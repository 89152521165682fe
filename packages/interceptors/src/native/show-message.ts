import type { MessageHooks } from "@rollcall/rpc/grpc";

/** Shows a message to the hooks and then goes on with it, at once unless a hook waits. */
export function showMessage(
  hooks: MessageHooks,
  message: unknown,
  proceed: () => void,
  fail: (error: unknown) => void,
): void {
  try {
    const shown = hooks.run(message);
    if (shown === undefined) {
      proceed();
    } else {
      shown.then(proceed, fail);
    }
  } catch (error) {
    fail(error);
  }
}
