// How long gangs take together: some wait for others, and there are only so many workers.
import { setImmediate as settled } from 'node:timers/promises';
import { type Ordered, runInOrder } from '../run/run-in-order.js';

/** Seconds from the first start to the last end if every task takes as long as `secondsOf` says:
 *  the order is that in which they would be run, {@link runInOrder}'s own. */
export async function makespan<T extends Ordered>(
  tasks: readonly T[],
  workers: number,
  secondsOf: (task: T) => number,
): Promise<number> {
  let now = 0;
  const running: { readonly end: number; readonly over: () => void }[] = [];
  const work = (task: T): Promise<void> =>
    new Promise((over) => running.push({ end: now + secondsOf(task), over }));
  const all = runInOrder(tasks, workers, work, () => false);
  for (;;) {
    await settled(); // what can start has started
    const first = running.toSorted((a, b) => a.end - b.end)[0];
    if (first === undefined) break;
    running.splice(running.indexOf(first), 1);
    now = first.end;
    first.over();
  }
  await all;
  return now;
}
