import { expect, test } from 'vitest';
import { makeMeasurements } from '../../../test/made-measurements.js';
import { makeNetworks } from '../../../test/made-study.js';
import { mergedPlace } from './merge.js';
import type { MeasuredPlace } from './types.js';

const networks = makeNetworks({ weightLayers: 3, splits: 1 });
const all = makeMeasurements(networks, 3).places['split0'] as MeasuredPlace;
const nothing = { probes: [], similarities: [], movements: [], resets: [] };

test('what was measured of others stays, what is measured anew replaces it', () => {
  const [first] = all.probes;
  const again = { ...(first as NonNullable<typeof first>), accuracy: 0.9 };
  const now = { ...all, ...nothing, networks: { new: { identity: 'i', weights: 'w' } } };
  const merged = mergedPlace(all, { ...now, probes: [again] });
  expect(merged.probes).toHaveLength(all.probes.length);
  expect(merged.probes.at(-1)).toEqual(again);
  expect(merged.probes).not.toContainEqual(first);
  expect(merged.movements).toEqual(all.movements);
  expect(Object.keys(merged.networks)).toEqual([...Object.keys(all.networks), 'new']);
});

test.each([
  ['other images', { imageLimit: 100 }],
  ['other tasks', { tasks: { A: 'another', B: 'task B' } }],
  ['another executor', { executor: { ...all.executor, threads: 2 } }],
])('%s: nothing of what was before stays', (_, own) => {
  const now = { ...all, ...nothing, ...own };
  expect(mergedPlace(all, now)).toEqual(now);
  expect(mergedPlace(undefined, now)).toEqual(now);
});
