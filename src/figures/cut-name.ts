// What stands for n in tables.
import type { StudyFacts } from '../study/results/types.js';

/** n, with the name of segment n where segments have names: "4 layer2.1". */
export function cutName({ segmentNames }: Pick<StudyFacts, 'segmentNames'>, n: number): string {
  const name = segmentNames?.[n - 1];
  return name === undefined ? String(n) : `${n} ${name}`;
}
