import { expect, test } from 'vitest';
import { releaseHeld } from './held.js';
import { parseQueue } from './queue.js';
import type { Scheduler } from './scheduler.js';

const line = (index: number, state: string, reason: string): string =>
  `7|${index}|${state}|selffer:20261127-190638-2c29:2||${reason}`;

async function released(...lines: readonly string[]) {
  const calls: unknown[] = [];
  const scheduler = {
    ask: (command: string, args: readonly string[]) => {
      calls.push([command, ...args]);
      return Promise.resolve('');
    },
  } as unknown as Scheduler;
  const jobs = parseQueue(lines.join('\n'));
  const ids = await releaseHeld({ jobs, ended: [], networks: new Map() }, scheduler);
  return { ids, calls };
}

test('jobs that could not be started are let go of, in the words of any version', async () => {
  const { ids, calls } = await released(
    line(0, 'PENDING', 'launch failed requeued held'),
    line(1, 'PENDING', 'launch_failed_requeued_held'),
    line(2, 'PENDING', 'Dependency'),
    line(3, 'RUNNING', 'None'),
    // What it was held for before it was let go of.
    line(4, 'RUNNING', 'launch failed requeued held'),
  );
  expect(ids).toEqual(['7_0', '7_1']);
  expect(calls).toEqual([['scontrol', 'release', '7_0,7_1']]);
});

test('what a person holds stays held, and without any nothing is asked', async () => {
  const { ids, calls } = await released(
    line(0, 'PENDING', 'JobHeldUser'),
    line(1, 'PENDING', 'JobHeldAdmin'),
  );
  expect(ids).toEqual([]);
  expect(calls).toEqual([]);
});
