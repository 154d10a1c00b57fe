// Splits of more than two tasks: study files do not offer them yet, the plan does.
import { expect, test } from 'vitest';
import { PlanError } from '../../base/errors.js';
import { parseNetworkName } from '../network-name.js';
import { buildResults } from '../results/build.js';
import { studyFacts } from '../store/plan-file.js';
import { networkResults } from '../store/run-state.js';
import { demoPlan, demoStudy, letterFacts } from './demo-plan.cases.js';
import { planSplits } from './plan.js';
import type { Split, SplitTask } from './splits.js';

const task = (name: string, label: string, first: number): SplitTask => ({
  name,
  label,
  data: letterFacts,
  classes: letterFacts.classes.slice(first, first + 8),
});

const split: Split = {
  name: 'classes',
  family: 'classes',
  imagesPerClass: null,
  tasks: [task('A', 'birds', 0), task('B', 'fish', 8), task('C', 'tools', 16)],
};

const study = { ...demoStudy, targets: ['A', 'B', 'C'], layers: [3, 4] };
const plan = planSplits(study, [split]);

test('every pair of source and target is planned', () => {
  const transfers = plan.networks.filter(({ treatment, n }) => treatment === 'AnB' && n === 3);
  expect(transfers.map(({ shortName }) => shortName)).toEqual([
    'B3A',
    'C3A',
    'A3B',
    'C3B',
    'A3C',
    'B3C',
  ]);
  const selffers = plan.networks.filter(({ treatment }) => treatment === 'BnB+');
  expect(selffers.map(({ shortName }) => shortName)).toEqual([
    'A3A+',
    'A4A+',
    'B3B+',
    'B4B+',
    'C3C+',
    'C4C+',
  ]);
  const identities = plan.networks.map(({ identity }) => identity);
  expect(new Set(identities).size).toBe(identities.length);
});

test('networks copy from the base that their name says, and names can be read back', () => {
  for (const { shortName, requires, source, target, treatment, n } of plan.networks) {
    expect(requires).toBe(source === null ? null : `classes/base${source}`);
    expect(parseNetworkName(shortName, 6)).toEqual({ treatment, source, target, n });
  }
});

test('a target that is left out is still a source', () => {
  const one = planSplits({ ...study, treatments: ['AnB'], targets: ['C'], layers: [3] }, [split]);
  expect(one.networks.map(({ shortName }) => shortName)).toEqual(['baseA', 'baseB', 'A3C', 'B3C']);
});

test('results know what the tasks are called', () => {
  const states = new Map(
    plan.networks.map(({ name }) => [name, { state: 'waiting', record: null, message: null }]),
  ) as Parameters<typeof networkResults>[1];
  const facts = studyFacts(plan);
  const networks = networkResults({ networks: plan.networks, study: facts, parts: {} }, states);
  const labels = { A: 'birds', B: 'fish', C: 'tools' };
  expect(buildResults({ study: facts, networks }).study.taskLabels).toEqual({ classes: labels });
  expect(studyFacts(demoPlan())).not.toHaveProperty('taskLabels');
});

test.each(['R', 'AB', 'a', '', 'Whole'])('%j cannot name a task', (name) => {
  expect(() => planSplits(study, [{ ...split, tasks: [task(name, 'x', 0)] }])).toThrow(PlanError);
});

test('two tasks of one name are refused', () => {
  const tasks = [task('A', 'x', 0), task('A', 'y', 8)];
  expect(() => planSplits(study, [{ ...split, tasks }])).toThrow(/found task A twice/);
});
