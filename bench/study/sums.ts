// From times of parts to the time of a study. A part is what a subject trains at once: a gang
// (ours) or one network (the peer).
import { median } from '../median.js';

/** What one request for a part gave. */
export interface PartTimes {
  /** Each timed iteration of the whole part. */
  readonly iterationMs: readonly number[];
  /** One test of the whole part. */
  readonly testMs: number;
}

/** A part and how often the study has one that costs the same. */
export interface Part {
  readonly id: string;
  readonly times: number;
}

/** How long every network of the study trains. */
export interface StudyLength {
  readonly iterations: number;
  readonly tests: number;
}

/** Seconds of the study: sum over parts of times x (median iteration x iterations + test x tests).
 *  @throws Error naming a part that was not measured */
export function studySeconds(
  parts: readonly Part[],
  length: StudyLength,
  measured: ReadonlyMap<string, PartTimes>,
): number {
  let ms = 0;
  for (const { id, times } of parts) {
    const part = measured.get(id);
    if (!part || part.iterationMs.length === 0) throw new Error(`${id} was not measured`);
    ms += times * (median(part.iterationMs) * length.iterations + part.testMs * length.tests);
  }
  return ms / 1000;
}

/** Median of the rounds' ratios other / ours: pair by pair, so that drift of the machine's speed
 *  cancels. */
export function ratioOf(other: readonly number[], ours: readonly number[]): number {
  if (other.length !== ours.length) throw new Error('ratio of rounds that were not paired');
  return median(other.map((seconds, round) => seconds / (ours[round] as number)));
}
