const maxValueCharacters = 100;
const placeholder = /\{([^{}]*)\}/g;

/**
 * Puts metadata into the sentence that comes with a reason. Values may be text that a caller chose, so each is escaped as
 * in JSON and cut after 100 characters: it cannot leave the quotes around it, break a line or fill a log.
 */
export function fillMessage(message: string, metadata: Readonly<Record<string, string>>): string {
  return message.replace(placeholder, (whole, key: string) => {
    const value = metadata[key];
    return value === undefined ? whole : escapeValue(value);
  });
}

function escapeValue(value: string): string {
  const characters = Array.from(value.slice(0, 2 * (maxValueCharacters + 1))); // a character is at most two units long
  const shown = characters.length > maxValueCharacters ? [...characters.slice(0, maxValueCharacters), "…"] : characters;
  return JSON.stringify(shown.join("")).slice(1, -1);
}
