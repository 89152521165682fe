/** A setting that the server cannot start with. The message is a sentence that names the setting and says what it takes. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
