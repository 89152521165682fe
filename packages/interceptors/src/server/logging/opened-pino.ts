import type { CallLevel } from "../../call-level.js";
import type { CallLogger } from "./call-logger.js";
import { onceEachMillisecond } from "./line-time.js";

/** What pino keeps in a logger, much of it under symbols. */
type State = Readonly<Record<string | symbol, unknown>>;

interface Stream {
  write(line: string): unknown;
}

/** A pino logger, taken apart as its own `lib/proto.js` sees it. */
export class OpenedPino {
  readonly #state: State;
  readonly #symbols: ReadonlyMap<string, symbol>;
  readonly #levels: Readonly<Record<CallLevel, number>>;
  readonly #starts: symbol;
  readonly #bindings: symbol;
  readonly #stream: Stream;
  readonly #tellTime: () => string;

  /** @throws where the logger is none of pino's. */
  constructor(logger: CallLogger) {
    this.#state = logger as unknown as State; // whoever opens a logger compares samples before trusting the parts
    this.#symbols = symbolsIn(logger);
    this.#levels = (this.#state["levels"] as { readonly values: Readonly<Record<CallLevel, number>> }).values;
    this.#starts = this.#symbolOf("pino.lsCache");
    this.#bindings = this.#symbolOf("pino.chindings");
    this.#stream = this.#read("pino.stream") as Stream;
    this.#tellTime = onceEachMillisecond(this.#read("pino.time") as () => string);
  }

  /** Whether something is done to lines with these fields that a sample need not show: it may differ from line to line. */
  isCustomized(keys: readonly string[]): boolean {
    const { log } = this.#read("pino.formatters") as State;
    const { logMethod, streamWrite } = this.#read("pino.hooks") as State;
    const [mixin, prefix] = [this.#read("pino.mixin"), this.#read("pino.msgPrefix")];
    const byKey = ["pino.serializers", "pino.stringifiers"].map((name) => this.#read(name) as State);
    return (
      [log, logMethod, streamWrite, mixin, prefix].some((custom) => custom !== undefined) ||
      keys.some((key) => byKey.some((custom) => custom[key] !== undefined)) ||
      (this.#stream as Stream & State)[metadataSymbol] === true
    );
  }

  /** A line as pino itself writes it, without the time. */
  sampleOf(level: CallLevel, fields: object, text: string): string {
    const lines: string[] = [];
    const double = Object.create(this.#state, {
      [this.#symbolOf("pino.stream")]: { value: { write: (line: string) => lines.push(line) } },
      [this.#symbolOf("pino.time")]: { value: () => "" },
    }) as Readonly<Record<symbol, (fields: object, text: string, level: number) => void>>;
    double[this.#symbolOf("pino.write")]?.(fields, text, this.#levels[level]);
    return lines.join("");
  }

  /** The same line out of its fields and its text as they stand in JSON, each with a comma first. */
  lineOf(level: CallLevel, json: string, time = ""): string {
    // Both may be changed by `setBindings` and by children, so they are read each time.
    const starts = this.#state[this.#starts] as Readonly<Record<number, string>>;
    return `${starts[this.#levels[level]] ?? ""}${time}${this.#state[this.#bindings] as string}${json}}\n`;
  }

  /** Writes the line, with the time, to where pino writes. */
  write(level: CallLevel, json: string): void {
    this.#stream.write(this.lineOf(level, json, this.#tellTime()));
  }

  #read(name: string): unknown {
    return this.#state[this.#symbolOf(name)];
  }

  #symbolOf(name: string): symbol {
    const symbol = this.#symbols.get(name);
    if (symbol === undefined) {
      throw new TypeError(`the logger has no ${name}`);
    }
    return symbol;
  }
}

/** What a stream carries that is told more than the line. */
const metadataSymbol = Symbol.for("pino.metadata");

/** The symbols under which a logger, or what it inherits from, keeps things; by their names. */
function symbolsIn(logger: object): ReadonlyMap<string, symbol> {
  const symbols = new Map<string, symbol>();
  for (let holder: object | null = logger; holder !== null; holder = prototypeOf(holder)) {
    for (const symbol of Object.getOwnPropertySymbols(holder)) {
      symbols.set(symbol.description ?? "", symbol);
    }
  }
  return symbols;
}

function prototypeOf(object: object): object | null {
  return Object.getPrototypeOf(object) as object | null; // the built-in's type says that it may be anything
}
