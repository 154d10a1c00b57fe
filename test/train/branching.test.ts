// Networks with branches in training: a gang gives each what it gets alone, and a run that was
// stopped goes on as if it had not been.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExecutorMissingError } from '../../src/base/errors.js';
import type { Executor } from '../../src/executors/executor.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { segmentsOf } from '../../src/net/cuts.js';
import type { NetworkJob } from '../../src/train/job.js';
import { trainGang } from '../../src/train/train-gang.js';
import { residual } from '../networks/residual.js';
import { transformer } from '../networks/transformer.js';
import { expectSameRun, Folders } from './folders.js';
import { base } from './job.js';
import { jobOf, memberOf } from './normalised-network.js';

const input = { channels: 1, height: 24, width: 24, scale: [1 / 64], mean: 'image' } as const;

describe.each([
  ['residual', residual(input)],
  ['transformer', transformer(input, 8)],
])('%s', (_, network) => {
  const family: readonly NetworkJob[] = [
    memberOf(network, 'A1B', 1, true, 'baseA'),
    memberOf(network, 'A2B', 2, true, 'baseA'),
    memberOf(network, 'B2B+', 2, false, 'baseB'),
    memberOf(network, 'R1B', 1, true, null),
  ];
  const folders = new Folders('branching-');
  let executor: Executor | undefined;
  let bases: string;
  const withBases = (): string => folders.copyOf(bases);
  const train = async (
    folder: string,
    jobs: readonly NetworkJob[],
    stopAfter = Infinity,
    target: 'A' | 'B' = 'B',
  ): Promise<void> => {
    let asked = 0;
    await trainGang(jobOf(network, folder, jobs, target), {
      executor: executor as Executor,
      emit: () => {},
      shouldStop: () => ++asked >= stopAfter,
    });
  };

  beforeAll(async () => {
    try {
      executor = createOnednnExecutor();
    } catch (error) {
      if (error instanceof ExecutorMissingError) return;
      throw error;
    }
    bases = folders.fresh();
    await train(bases, [base('A')], Infinity, 'A');
    await train(bases, [base('B')]);
  });
  afterAll(() => folders.remove());

  test('can be cut between its blocks', () => {
    expect(segmentsOf(network).length).toBeGreaterThan(2);
  });

  test('a gang gives each network what it gets alone, bit for bit', async ({ skip }) => {
    if (!executor) return skip('no oneDNN');
    const together = withBases();
    await train(together, family);
    for (const each of family) {
      const alone = withBases();
      await train(alone, [each]);
      expectSameRun(together, alone, each);
    }
  });

  test('resumed equals uninterrupted, bit for bit', async ({ skip }) => {
    if (!executor) return skip('no oneDNN');
    const whole = withBases();
    await train(whole, family);
    const resumed = withBases();
    for (const stopAfter of [1, 3]) await train(resumed, family, stopAfter);
    await train(resumed, family);
    for (const each of family) expectSameRun(whole, resumed, each);
  });
});
