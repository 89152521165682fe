/**
 * Checks options that are amounts.
 *
 * @throws TypeError for one that is not a number above 0.
 */
export function checkNumbers(options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Number.isFinite(value) || value <= 0) {
      throw new TypeError(`${name} is ${value}; it takes a number above 0`);
    }
  }
}
