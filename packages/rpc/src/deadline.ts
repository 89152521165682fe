/** The time `ms` milliseconds from now, to give a call as its deadline. */
export function deadlineIn(ms: number, now: () => number = Date.now): Date {
  return new Date(now() + ms);
}
