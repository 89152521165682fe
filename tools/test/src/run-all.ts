/**
 * Runs every task, at most `limit` of them at a time, in the order given.
 *
 * @returns the results in the order of the tasks.
 */
export async function runAll<Task, Result>(
  tasks: readonly Task[],
  limit: number,
  run: (task: Task) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<Task, Result>();
  const waiting = [...tasks];
  async function work(): Promise<void> {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      results.set(task, await run(task));
    }
  }
  await Promise.all(Array.from({ length: limit }, work));
  return tasks.flatMap((task) => results.get(task) ?? []);
}
