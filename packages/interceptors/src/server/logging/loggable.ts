const maxDepth = 8;
const more = "…";

/** How many characters may still be written down. */
interface Budget {
  left: number;
}

/**
 * A copy of a message that any logger can write as JSON: 64-bit integers as digits, times in ISO 8601, and of bytes how
 * many they are. What goes beyond `maxLength` characters, or beyond eight levels, is left out and marked with `…`.
 */
export function loggable(message: unknown, maxLength: number): unknown {
  return copy(message, 0, { left: maxLength });
}

function copy(value: unknown, depth: number, budget: Budget): unknown {
  switch (typeof value) {
    case "string":
      return cut(value, budget);
    case "boolean":
    case "number":
      budget.left -= 8;
      return Number.isNaN(value) || Math.abs(Number(value)) === Infinity ? String(value) : value;
    case "bigint":
      return cut(String(value), budget);
    case "object":
      return value === null ? null : copyObject(value, depth, budget);
    default:
      return undefined; // messages have no functions and no symbols
  }
}

function copyObject(value: object, depth: number, budget: Budget): unknown {
  if (value instanceof Uint8Array) {
    return cut(`<${value.byteLength} bytes>`, budget);
  }
  if (value instanceof Date) {
    return cut(Number.isNaN(value.getTime()) ? String(value) : value.toISOString(), budget);
  }
  if (depth >= maxDepth) {
    return more;
  }
  return Array.isArray(value) ? copyList(value, depth, budget) : copyFields(value, depth, budget);
}

function copyList(list: readonly unknown[], depth: number, budget: Budget): unknown[] {
  const copied: unknown[] = [];
  for (const element of list) {
    if (budget.left <= 0) {
      return [...copied, `${more} ${list.length - copied.length} more`];
    }
    copied.push(copy(element, depth + 1, budget));
    budget.left--;
  }
  return copied;
}

function copyFields(value: object, depth: number, budget: Budget): object {
  const copied: [string, unknown][] = [];
  for (const [name, field] of value instanceof Map ? mapEntries(value) : Object.entries(value)) {
    if (budget.left <= 0) {
      copied.push([more, more]);
      break;
    }
    copied.push([cut(name, budget), copy(field, depth + 1, budget)]);
  }
  return Object.fromEntries(copied);
}

function* mapEntries(map: ReadonlyMap<unknown, unknown>): Generator<[string, unknown]> {
  for (const [key, value] of map) {
    yield [String(key), value];
  }
}

function cut(text: string, budget: Budget): string {
  const fits = text.slice(0, Math.max(budget.left, 0));
  budget.left -= fits.length + 1;
  return fits.length < text.length ? `${fits.toWellFormed()}${more}` : text;
}
