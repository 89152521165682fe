/**
 * Reads errors of drivers and of the operating system by their fields rather than by their class: each realm of a process
 * has an `Error` of its own.
 */
function fieldOf(error: unknown, field: string): unknown {
  // The cast allows any field to be asked for; what comes back is `unknown`.
  return typeof error === "object" && error !== null ? (error as Record<string, unknown>)[field] : undefined;
}

/** The text of an error's `code`: a SQLSTATE, or what Node.js names a failed system call by. */
export function codeOf(error: unknown): string | undefined {
  return textOf(fieldOf(error, "code"));
}

/** The constraint that PostgreSQL says was violated. */
export function constraintOf(error: unknown): string | undefined {
  return textOf(fieldOf(error, "constraint"));
}

/** The extended result code of SQLite. */
export function rawCodeOf(error: unknown): number | undefined {
  const rawCode = fieldOf(error, "rawCode");
  return typeof rawCode === "number" ? rawCode : undefined;
}

/** What an error says. Trying several addresses of a host fails with an error that says nothing but has others in it. */
export function messageOf(error: unknown): string {
  const errors = fieldOf(error, "errors");
  if (Array.isArray(errors) && errors.length > 0) {
    return messageOf(errors[0]);
  }
  return textOf(fieldOf(error, "message")) ?? String(error);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
