import { StoreError } from "./store-error.js";

/**
 * Refuses parameters that a database would change or cannot keep: PostgreSQL rejects NUL, SQLite's driver cuts text at
 * it, and both replace lone surrogates, so that two different names could become one.
 *
 * @throws {@link StoreError} `invalidText`
 */
export function requireStorableText(parameters: readonly unknown[]): void {
  for (const parameter of parameters) {
    if (typeof parameter === "string") {
      requireStorable(parameter);
    } else if (Array.isArray(parameter)) {
      requireStorableText(parameter);
    }
  }
}

function requireStorable(text: string): void {
  if (text.includes("\0")) {
    throw new StoreError("invalidText", "text must not contain NUL");
  }
  if (!text.isWellFormed()) {
    throw new StoreError("invalidText", "text must not contain a lone surrogate");
  }
}
