import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { base, gangJob } from '../../test/train/job.js';
import { createReferenceExecutor } from '../executors/reference/index.js';
import { meanSlot } from './gang-program.js';
import type { GangJob } from './job.js';
import { openGang } from './open-gang.js';

const directory = mkdtempSync(join(tmpdir(), 'open-gang-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function meanOf(job: GangJob): Promise<ArrayLike<number>> {
  const executor = createReferenceExecutor();
  const gang = await openGang(job, { executor, emit: () => {}, shouldStop: () => false });
  try {
    return (await gang.executable.read(meanSlot('B'))).data;
  } finally {
    gang.source.dispose();
    gang.executable.dispose();
  }
}

test('what is subtracted is the mean image of the task, or the network’s own mean', async () => {
  const job = gangJob(directory, [base('B')]);
  const image = await meanOf(job);
  expect(image).toHaveLength(28 * 28);
  expect(new Set(Array.from(image)).size).toBeGreaterThan(1);
  const network = { ...job.network, input: { ...job.network.input, mean: [117] } };
  expect(new Set(Array.from(await meanOf({ ...job, network })))).toEqual(new Set([117]));
});
