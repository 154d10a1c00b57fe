import { expect, test } from 'vitest';
import type { NetworkResult, Results } from '../study/results/types.js';
import { layerAxis, nameHeight } from './axes.js';

/** As much of a study's results as an axis reads. */
function resultsOf(layers: readonly number[], segmentNames?: readonly string[]): Results {
  const names = segmentNames === undefined ? {} : { segmentNames };
  const study = { name: 's', family: null, statistic: 'final', weightLayers: 4, ...names } as const;
  const networks = layers.map((n) => ({ n }) as NetworkResult);
  const read: Partial<Results> = { study, networks };
  return read as Results;
}

const names = ['stem', 'layer1.0', 'layer2.0', 'head'];
const axisOf = (results: Results, room: 'wide' | 'narrow' = 'wide') =>
  (layerAxis(results, true, room) as { readonly axis: Record<string, unknown> }).axis;

test('named cuts are marked where the study has networks, the name under the number', () => {
  const axis = axisOf(resultsOf([0, 1, 3, 4], names));
  expect(axis['values']).toEqual([0, 1, 3, 4]);
  expect(axis['labelExpr']).toContain('["3","layer2.0"]');
  expect(nameHeight(resultsOf([], names), 'wide')).toBeGreaterThan(0);
});

test('without names, or without room, every number stands alone', () => {
  for (const axis of [axisOf(resultsOf([0, 1, 3])), axisOf(resultsOf([0, 1], names), 'narrow')]) {
    expect(axis['values']).toEqual([0, 1, 2, 3, 4]);
    expect(axis['labelExpr']).not.toContain('layer');
  }
  expect(nameHeight(resultsOf([]), 'wide')).toBe(0);
  expect(nameHeight(resultsOf([], names), 'narrow')).toBe(0);
});
