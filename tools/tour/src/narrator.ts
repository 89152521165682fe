import { styleText } from "node:util";

/** Tells what happens, step by step, to a person at a terminal. */
export interface Narrator {
  /** Begins a chapter: what is going to happen, and the call that does it. */
  chapter(title: string, call: string): void;
  /** Something that went as it should. */
  tell(line: string): void;
  /** An error that was expected. */
  expected(line: string): void;
  /** The last words. */
  end(lines: readonly string[]): void;
}

/** A narrator that writes with `write`, in colour when it is wanted. */
export function createNarrator(write: (line: string) => void, colour: boolean): Narrator {
  const paint = (style: Parameters<typeof styleText>[0], text: string) => (colour ? styleText(style, text) : text);
  let chapters = 0;
  return {
    chapter(title, call) {
      chapters += 1;
      write("");
      write(`${paint("bold", `${chapters}. ${title}`)}  ${paint("dim", call)}`);
    },
    tell(line) {
      write(`   ${line}`);
    },
    expected(line) {
      write(`   ${paint("yellow", "as expected:")} ${line}`);
    },
    end(lines) {
      write("");
      for (const line of lines) {
        write(line);
      }
    },
  };
}
