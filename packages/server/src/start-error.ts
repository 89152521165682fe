/** Why the server cannot start. The message is a sentence for whoever starts it, and says what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
}
