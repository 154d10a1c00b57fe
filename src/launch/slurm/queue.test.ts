import { expect, test } from 'vitest';
import { SchedulerError } from '../../base/errors.js';
import { endText, parseAccounts } from './accounting.js';
import { standingOfState } from './job-states.js';
import { parseQueue } from './queue.js';

const TAG = '20261127-171835-9f3c';

test('lines as Slurm 20 to 25 print them', () => {
  const text = [
    `12|0|RUNNING|selffer:${TAG}:100|node[07]|None`,
    `12|1|PENDING|selffer:${TAG}:100||Resources`,
    `13|N/A|PENDING|selffer:${TAG}:finish|(null)|(Dependency)`,
    // What is left of an array that was cancelled has no index of its own.
    `12|N/A|CANCELLED|selffer:${TAG}:100||Resources`,
    `14|3|COMPLETED|selffer:${TAG}:0|n1|None`,
    `15|0|A_NEW_STATE|selffer:${TAG}:0||nobody|knows`,
    '16|0|PENDING|(null)||None',
    '',
  ].join('\n');
  const found = parseQueue(text);
  expect(found.map(({ id, standing }) => `${id} ${standing}`)).toEqual([
    '12_0 running',
    '12_1 queued',
    '13 queued',
    '12 ended',
    '14_3 ended',
    // Submitted twice would be worse than waited for in vain.
    '15_0 queued',
  ]);
  expect(found[0]).toMatchObject({ node: 'node[07]', reason: null, comment: { part: 100 } });
  expect(found[2]).toMatchObject({ node: null, reason: 'Dependency', index: null });
  expect(found[5]).toMatchObject({ state: 'A_NEW_STATE', reason: 'nobody|knows' });
});

test('a cluster of several heads says which it is before its jobs', () => {
  expect(parseQueue(`CLUSTER: here\n12|0|RUNNING|selffer:${TAG}:0|n1|None\n`)).toHaveLength(1);
});

test.each(['JOBID PARTITION NAME', 'usage: squeue', `12|0|selffer:${TAG}:0`, '{"jobs": []}'])(
  'an answer that nobody can read is no empty queue: %s',
  (text) => {
    expect(() => parseQueue(text)).toThrow(SchedulerError);
  },
);

test('ends in accounts, whoever cancelled, and what ended the script', () => {
  const text =
    '12_0|COMPLETED|0:0\n12_1|CANCELLED by 1000|0:15\n12_[2-9]|PENDING|0:0\n13|FAILED|1:0\n14|TIMEOUT\nno\n';
  const ends = parseAccounts(text).map(([id, end]) => [id, endText(end)]);
  expect(ends).toEqual([
    ['12_0', 'COMPLETED'],
    ['12_1', 'CANCELLED (signal 15)'],
    ['13', 'FAILED (status 1)'],
    ['14', 'TIMEOUT'],
  ]);
});

test('what waits or works is never taken for ended', () => {
  for (const state of ['PENDING', 'REQUEUED', 'REQUEUE_HOLD', 'SPECIAL_EXIT'])
    expect(standingOfState(state)).toBe('queued');
  for (const state of ['RUNNING', 'COMPLETING', 'SUSPENDED', 'CONFIGURING'])
    expect(standingOfState(state)).toBe('running');
});
