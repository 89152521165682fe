import type { InterceptedServerCall, Next, StatusError } from "@rollcall/rpc";

/**
 * Runs a call whose requests are streamed, and lets no message through from the first on that `check` finds an error for.
 * What came before it may still be answered; then the call ends with the error, even where its handler goes on after what
 * reading the requests threw.
 */
export async function checkMessages(
  call: InterceptedServerCall,
  next: Next,
  check: (message: unknown) => StatusError | undefined,
): Promise<void> {
  const found: { error?: StatusError | undefined } = {};
  call.onRequest((message) => {
    found.error ??= check(message);
    if (found.error !== undefined) {
      throw found.error;
    }
  });
  await next();
  if (found.error !== undefined) {
    throw found.error;
  }
}
