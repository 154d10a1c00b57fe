import { expect, test } from 'vitest';
import { demoPlan, demoStudy } from '../study/plan/demo-plan.cases.js';
import type { RunState } from '../study/store/run-state.js';
import { unfinishedNetworks } from './unfinished.js';

const { networks } = demoPlan({
  solver: { ...demoStudy.solver, rates: [0.01, 0.1] },
  selection: { share: 0.1, seed: 0 },
  treatments: ['base'],
});
const record = { state: 'failed' } as NonNullable<RunState['record']>;

/** Names of the unfinished networks, all done but these. */
function unfinished(changed: Readonly<Record<string, Partial<RunState>>>): readonly string[] {
  const states = new Map(
    networks.map(({ name }): [string, RunState] => [
      name,
      { state: 'done', record: null, message: null, ...changed[name] },
    ]),
  );
  return unfinishedNetworks(networks, states).map(({ name }) => name);
}

test('one that diverged at a rate is no loss where another rate is done', () => {
  expect(unfinished({ 'split0/baseB@0.1': { state: 'failed', record } })).toEqual([]);
  expect(unfinished({ 'split0/baseB': { state: 'failed', record } })).toEqual([]);
  // What it goes on from is dead or has failed at that rate.
  expect(unfinished({ 'split0/baseB@0.1': { state: 'missing' } })).toEqual([]);
});

test('it is one if every rate failed, if its worker died, or if it never began', () => {
  expect(
    unfinished({
      'split0/baseB': { state: 'failed', record },
      'split0/baseB@0.1': { state: 'failed', record },
    }),
  ).toEqual(['split0/baseB', 'split0/baseB@0.1']);
  expect(unfinished({ 'split0/baseB@0.1': { state: 'failed' } })).toEqual(['split0/baseB@0.1']);
  expect(unfinished({ 'split1/baseA@0.1': { state: 'waiting' } })).toEqual(['split1/baseA@0.1']);
});
