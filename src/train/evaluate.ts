// Exact tests: one pass over all validation images of the target, all networks of the gang at once.
import { testMinibatchCount } from '../data/minibatch/minibatch.js';
import { feedsOf } from './feeds.js';
import type { Gang } from './open-gang.js';
import type { TestImages } from './tested-images.js';

/** Result of one network's test. */
export interface TestResult {
  /** Fraction of the validation images whose largest logit is at their label. */
  readonly accuracy: number;
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** By validation image, in the task's order: 1 if it was answered right, else 0. */
  readonly right: Uint8Array;
}

/** Tests the active networks; result i belongs to network i, null if inactive.
 *  @param images other ones than the gang's own, of as many classes */
export async function evaluate(
  gang: Gang,
  active: readonly boolean[],
  { task, source }: TestImages = gang,
): Promise<readonly (TestResult | null)[]> {
  const { job, executable, meter } = gang;
  const { batch } = job.schedule;
  const correct = active.map(() => 0);
  const lossSum = active.map(() => 0);
  const count = task.val.length;
  const right = active.map((isActive) => new Uint8Array(isActive ? count : 0));
  for (let index = 0; index < testMinibatchCount(task, batch); index++) {
    const minibatch = await meter.measureUntil('data', () => source.test(index));
    const feeds = feedsOf(minibatch);
    const outputs = await meter.run('test', active, () =>
      executable.run('test', feeds, {}, active),
    );
    active.forEach((isActive, i) => {
      if (!isActive) return;
      correct[i] = (correct[i] as number) + (outputs[`correct:${i}`]?.data[0] ?? Number.NaN);
      // The op divides by all rows of the minibatch, padding included.
      lossSum[i] = (lossSum[i] as number) + (outputs[`loss:${i}`]?.data[0] ?? Number.NaN) * batch;
      // Rows past the last image are padding.
      const rows = (outputs[`answers:${i}`]?.data ?? []).slice(0, count - index * batch);
      (right[i] as Uint8Array).set(rows, index * batch);
    });
  }
  return active.map((isActive, i) =>
    isActive
      ? {
          accuracy: (correct[i] as number) / count,
          loss: (lossSum[i] as number) / count,
          right: right[i] as Uint8Array,
        }
      : null,
  );
}
