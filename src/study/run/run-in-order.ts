// Which gang is trained when: in order, several at once, none before those that it comes after have
// ended.

/** Something to do, by name, and the names of what must have been done before it. */
export interface Ordered {
  readonly name: string;
  readonly after: readonly string[];
}

/** Runs `work` on every task, at most `workers` at once. The first task in order that waits for
 *  nothing is next; only names of tasks before it are waited for. `work` must not reject.
 *  @param isOver asked before each start; true = start no more */
export async function runInOrder<T extends Ordered>(
  tasks: readonly T[],
  workers: number,
  work: (task: T) => Promise<void>,
  isOver: () => boolean,
): Promise<void> {
  const { unmet, followers } = dependencies(tasks);
  const waiting = new Set(tasks.keys());
  const running = new Map<number, Promise<void>>();
  const next = (): number | undefined => {
    for (const index of waiting) if (unmet[index] === 0) return index;
    return undefined;
  };
  const end = (index: number): void => {
    running.delete(index);
    for (const follower of followers[index] ?? []) unmet[follower] = (unmet[follower] ?? 0) - 1;
  };
  for (;;) {
    while (running.size < workers && !isOver()) {
      const index = next();
      if (index === undefined) break;
      waiting.delete(index);
      running.set(
        index,
        work(tasks[index] as T).then(() => end(index)),
      );
    }
    if (running.size === 0) return;
    await Promise.race(running.values());
  }
}

/** How many tasks each one waits for, and which wait for it. */
function dependencies(tasks: readonly Ordered[]): {
  readonly unmet: number[];
  readonly followers: readonly (readonly number[])[];
} {
  const places = new Map(tasks.map(({ name }, index) => [name, index]));
  const followers: number[][] = tasks.map(() => []);
  const unmet = tasks.map(({ after }, index) => {
    const needed = new Set(after.map((name) => places.get(name) ?? index));
    const before = [...needed].filter((place) => place < index);
    for (const place of before) followers[place]?.push(index);
    return before.length;
  });
  return { unmet, followers };
}
