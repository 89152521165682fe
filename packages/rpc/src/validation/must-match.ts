/** Says what a text must do that an expression is to match: the expression, or what it forbids where that is all. */
export function mustMatch({ source }: RegExp): string {
  const forbidden = /^\^\[\^((?:[^\\\]-]|\\0|\\u\{[0-9a-f]+\})+)\]\*\$$/.exec(source)?.[1];
  if (forbidden === undefined) {
    return `must match ${source}`;
  }
  const characters = forbidden.match(/\\0|\\u\{[0-9a-f]+\}|[^]/gu) ?? [];
  return `must not contain ${characters.map(nameOf).join(" or ")}`;
}

function nameOf(character: string): string {
  const escaped = /^\\u?\{?([0-9a-f]+)\}?$/.exec(character)?.[1];
  const code = escaped === undefined ? (character.codePointAt(0) ?? 0) : parseInt(escaped, 16);
  const printable = code > 0x20 && code < 0x7f;
  return printable ? JSON.stringify(character) : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
