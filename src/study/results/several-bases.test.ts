// Several bases of one target: differences are to their mean, and they show what training scatters.
import { expect, test } from 'vitest';
import { makeNetworks } from '../../../test/made-study.js';
import { buildResults } from './build.js';
import { matchNetworks } from './measured.js';
import type { NetworkResult } from './types.js';

const one = makeNetworks({
  ...{ weightLayers: 4, splits: 2, layers: [2] },
  treatments: ['base', 'AnB', 'base-long'],
  accuracy: ({ treatment }) => ({ base: 0.6, AnB: 0.7, 'base-long': 0.65 })[treatment as 'base'],
});
const further = one
  .filter(({ treatment }) => treatment === 'base')
  .map((base): NetworkResult => ({ ...base, name: `${base.name}-2`, accuracy: 0.64 }));
const study = { name: 'made', weightLayers: 4, statistic: 'final' } as const;

test('a difference is to the mean base of its split and target', () => {
  const differences = matchNetworks([...one, ...further]).map(({ network, overBasePt }) => [
    network.treatment,
    Math.round(10 * overBasePt) / 10,
  ]);
  const expected = new Set(['base -2', 'AnB 8', 'base-long 3', 'base 2']);
  expect(new Set(differences.map((each) => each.join(' ')))).toEqual(expected);
});

test('a base that is not done leaves the others', () => {
  const dead = further.map((base): NetworkResult => ({ ...base, state: 'dead' }));
  const matched = matchNetworks([...one, ...dead]);
  const tuned = matched.filter(({ network }) => network.treatment === 'AnB');
  expect(tuned.map(({ overBasePt }) => Math.round(overBasePt))).toEqual([10, 10, 10, 10]);
});

test('their scatter is noise of training, and all of them count in the mean base', () => {
  const { noise, base } = buildResults({ study, networks: [...one, ...further] });
  // sqrt(2) times 2 Pt around their mean.
  expect(noise.trainingPt).toBeCloseTo(Math.sqrt(8), 9);
  expect(noise.repeatedNetworks).toBe(4);
  expect(base).toMatchObject({ networks: 8, mean: 0.62 });
  expect(buildResults({ study, networks: one }).noise.trainingPt).toBeNull();
});
