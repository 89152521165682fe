/**
 * Names statements, so that each connection prepares a text once: PostgreSQL then plans it once as well.
 *
 * The number of names is bounded, since a server keeps every prepared statement as long as its connection; texts beyond
 * the bound stay nameless.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();

  constructor(private readonly maxNames: number) {}

  /** The name of a text, or `undefined` when it has none. */
  nameOf(text: string): string | undefined {
    const name = this.#names.get(text);
    if (name !== undefined || this.#names.size >= this.maxNames) {
      return name;
    }
    const next = `rollcall_${this.#names.size}`;
    this.#names.set(text, next);
    return next;
  }
}
