// Which gang is trained when: in order, several at once, none before the bases that it copies have
// ended.
import type { Gang } from '../plan/gangs.js';

/** Runs `work` on every gang, at most `workers` at once. The first gang in order that needs nothing
 *  of those before it that have not ended is next. `work` must not reject.
 *  @param isOver asked before each start; true = start no more */
export async function runInOrder(
  gangs: readonly Gang[],
  workers: number,
  work: (gang: Gang, index: number) => Promise<void>,
  isOver: () => boolean,
): Promise<void> {
  const waiting = new Set(gangs.keys());
  const running = new Map<number, Promise<void>>();
  const isFree = (index: number): boolean => {
    const needed = new Set(gangs[index]?.networks.map(({ requires }) => requires));
    // Only gangs before this one: a base that failed is no reason to wait.
    return [...waiting, ...running.keys()]
      .filter((other) => other < index)
      .every((other) => gangs[other]?.networks.every(({ name }) => !needed.has(name)));
  };
  for (;;) {
    while (running.size < workers && !isOver()) {
      const index = [...waiting].find(isFree);
      if (index === undefined) break;
      waiting.delete(index);
      const end = work(gangs[index] as Gang, index).then(() => void running.delete(index));
      running.set(index, end);
    }
    if (running.size === 0) return;
    await Promise.race(running.values());
  }
}
