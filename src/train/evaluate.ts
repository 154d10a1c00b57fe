// Exact tests: one pass over all validation images of the target, all networks of the gang at once.
import { testMinibatchCount } from '../data/minibatch/minibatch.js';
import { feedsOf } from './feeds.js';
import type { Gang } from './open-gang.js';

/** Result of one network's test. */
export interface TestResult {
  /** Fraction of the validation images whose largest logit is at their label. */
  readonly accuracy: number;
  /** Mean cross-entropy in nats. */
  readonly loss: number;
}

/** Tests the active networks; result i belongs to network i, null if inactive. */
export async function evaluate(
  { job, task, executable, source, meter }: Gang,
  active: readonly boolean[],
): Promise<readonly (TestResult | null)[]> {
  const { batch } = job.schedule;
  const correct = active.map(() => 0);
  const lossSum = active.map(() => 0);
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
    });
  }
  const count = task.val.length;
  return active.map((isActive, i) =>
    isActive
      ? { accuracy: (correct[i] as number) / count, loss: (lossSum[i] as number) / count }
      : null,
  );
}
