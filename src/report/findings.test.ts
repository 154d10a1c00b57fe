// The answers in words, on the smallest inputs that earlier rules answered wrongly.
import { describe, expect, it } from 'vitest';
import { makeNetworks } from '../../test/made-study.js';
import { buildResults } from '../study/results/build.js';
import type { Family, NetworkResult, StudyFacts } from '../study/results/types.js';
import { findingsOf } from './findings.js';

// Noise of 0.5 points, independent of network to network, the same for ever.
const noise = ({ name, repeat }: NetworkResult): number => {
  let hash = 17 + 7919 * repeat;
  for (const character of name) hash = (hash * 31 + character.charCodeAt(0)) % 1_000_003;
  // Sums of twelve uniform numbers less six have a standard deviation of 1.
  let total = -6;
  for (let i = 0; i < 12; i++) {
    hash = (hash * 48_271) % 2_147_483_647;
    total += hash / 2_147_483_647;
  }
  return 0.5 * total;
};

const study: StudyFacts = { name: 'made', weightLayers: 6, statistic: 'final' };
const make = (family: Family, repeats: number, facts: StudyFacts = study) => {
  const networks = makeNetworks({
    weightLayers: 6,
    splits: 1,
    repeats,
    layers: [1, 3, 5],
    // A to B loses 2, 6 and 10 points, B to A nothing.
    accuracy: (each) =>
      0.7 +
      noise(each) / 100 -
      (each.treatment === 'AnB' && each.target === 'B' ? 0.02 * each.n : 0),
  });
  return findingsOf(
    buildResults({ study: facts, networks: networks.map((each) => ({ ...each, family })) }),
  );
};

describe('answers of two unlike tasks', () => {
  const answers = make('classes', 3);
  const of = (id: string, direction: string) =>
    answers.find((each) => each.id === id && each.question.includes(direction))?.answer ?? '';

  it('are one a target: a loss of 10 points is never averaged with none', () => {
    expect(answers).toHaveLength(8);
    expect(answers[0]?.question).toBe('Where does transfer start to hurt, B to A?');
    expect(of('transfer', 'A to B')).toMatch(/^From n = [13] on: .* and at \u2212(9|10)\.\d \[/);
    expect(of('specificity', 'A to B')).toMatch(/specificity drop .*\+(9|10|11)\.\d \[\+/);
    expect(of('specificity', 'A to B')).not.toContain('No specificity drop is resolved');
    expect(of('transfer', 'B to A')).toMatch(/^At no n is there a lasting loss/);
    expect(of('specificity', 'B to A')).toMatch(/^No specificity drop is resolved/);
  });

  it('name the direction by what the tasks are called', () => {
    const taskLabels = { 'natural-man-made': { A: 'man-made', B: 'natural' } };
    const named = make('natural-man-made', 1, { ...study, taskLabels });
    expect(named.map(({ question }) => question)).toContain(
      'How specific are features to their source task, man-made to natural?',
    );
    // One repeat each: no interval, and no claim that there is none.
    const [, , , , , specificity] = named;
    expect(specificity?.answer).toMatch(/^By means alone, the largest specificity drop is \+/);
  });

  it('stay one of random halves', () => {
    expect(make('random-halves', 3).map(({ question }) => question)).toEqual([
      'Where does transfer start to hurt?',
      'Are layers co-adapted?',
      'How specific are features to their source task?',
      'Does fine-tuned transfer gain anything?',
    ]);
  });
});
