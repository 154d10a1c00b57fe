import { expect, test } from 'vitest';
import { makeNetworks } from '../../../test/made-study.js';
import { buildResults } from './build.js';
import { partWords, taskLabel, taskLabelled } from './task-labels.js';
import type { NetworkResult, StudyFacts } from './types.js';

const study: StudyFacts = { name: 'made', weightLayers: 4, statistic: 'final' };
const halves = makeNetworks({ weightLayers: 4, splits: 1, layers: [1] });
const natural = (change: Partial<NetworkResult> = {}): NetworkResult[] =>
  halves.map((network) => ({ ...network, family: 'natural-man-made', ...change }));

test('results of before labels were recorded get the letters of their origin', () => {
  const trained = buildResults({ study, networks: natural() });
  expect(taskLabel(trained, 'natural-man-made', 'B')).toBe('natural');
  const imported = buildResults({ study, networks: natural({ originalName: 'halfnatmanA' }) });
  expect(taskLabel(imported, 'natural-man-made', 'A')).toBe('natural');
  expect(taskLabelled(imported, 'natural-man-made', 'man-made')).toBe('B');
});

test('labels that are recorded are never guessed over', () => {
  const taskLabels = { 'natural-man-made': { A: 'natural', B: 'man-made' } };
  const built = buildResults({ study: { ...study, taskLabels }, networks: natural() });
  expect(taskLabelled(built, 'natural-man-made', 'natural')).toBe('A');
});

test('letters of random halves are not labels', () => {
  const built = buildResults({ study, networks: halves });
  expect(built.study).not.toHaveProperty('taskLabels');
  expect(taskLabel(built, 'random-halves', 'A')).toBeNull();
});

test('a part is named by what tells it from the main family and from all targets', () => {
  const both = buildResults({ study, networks: [...halves, ...natural()] });
  expect(both.study.family).toBe('random-halves');
  expect(partWords(both, 'random-halves', null)).toEqual([]);
  expect(partWords(both, 'natural-man-made', null)).toEqual(['natural-man-made']);
  expect(partWords(both, 'natural-man-made', 'B')).toEqual(['natural-man-made', 'target natural']);
  expect(partWords(both, 'random-halves', 'B')).toEqual(['target B']);
});
