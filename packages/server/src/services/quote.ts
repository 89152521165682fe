const maxCharacters = 64;

/** A client's text in quotation marks. Long text is cut, so that no error grows with the request that it is about. */
export function quote(text: string): string {
  // A character takes up one or two units of a string; a cut between the two is not kept.
  const characters = Array.from(text.slice(0, 2 * maxCharacters + 1));
  const isWhole = characters.length <= maxCharacters;
  return JSON.stringify(isWhole ? text : `${characters.slice(0, maxCharacters).join("")}…`);
}
