// What the figures of the original study, and figures with another study laid over, must show of
// networks outside the main family.
import { describe, expect, it } from 'vitest';
import { makeNetworks } from '../../test/made-study.js';
import { originalNetworks, originalStudy } from '../../test/yosinski2014.js';
import type { StudyFacts } from '../study/results/types.js';
import { buildResults } from '../study/results/build.js';
import { treatmentRows } from './figure1-rows.js';
import { directionSeries } from './distance-panels.js';
import { figure3 } from './figure3.js';
import { preservedFigure } from './preserved.js';
import { reducedSpec } from './reduced-data.js';

const original = buildResults({ study: originalStudy, networks: originalNetworks() });
const made = buildResults({
  study: { name: 'made', weightLayers: 6, statistic: 'final' },
  networks: makeNetworks({ weightLayers: 6, splits: 2 }),
});

describe('the original study', () => {
  it('has its random features in Figure 1, though they are of another family', () => {
    const rows = treatmentRows(original).map(({ name }) => name);
    expect(rows).toEqual(['baseA', 'baseB', 'B4B', 'B4B+', 'A4B', 'A4B+', 'R4']);
  });

  it('has reduced data on linear axes above and on logarithmic ones below', () => {
    const spec = reducedSpec(original, 'light') as unknown as {
      vconcat: { encoding: { x: { scale: { type?: string; domain: number[] } } } }[];
    };
    const scales = spec.vconcat.map(({ encoding }) => encoding.x.scale);
    expect(scales.map(({ type }) => type)).toEqual([undefined, 'log']);
    expect(scales[0]?.domain[1]).toBeCloseTo(1352, 6);
  });
});

it('a logarithmic axis of less than three decades has marks between them', () => {
  const networks = originalNetworks()
    .filter(({ family, accuracy }) => family === 'reduced' && (accuracy ?? 0) > 0.1)
    .map((network) => ({ ...network, accuracy: (network.accuracy ?? 0) / 2 }));
  const text = JSON.stringify(
    reducedSpec(buildResults({ study: originalStudy, networks }), 'light'),
  );
  expect(text).toContain('"values":[0.2]');
});

const legends = (text: string) =>
  [...text.matchAll(/"values":(\["(?:AnB|random)[^\]]*\])/g)].map(
    ([, names]) => JSON.parse(names ?? '[]') as string[],
  );

describe('the legend of Figure 3 with another study', () => {
  it('names each look once: lines of both studies by their own name, those of the other alone as such', () => {
    const text = JSON.stringify(figure3(made, 'matched', original)?.spec('light'));
    const [random = [], all = []] = [...new Set(legends(text).map((each) => each.join('|')))].map(
      (each) => each.split('|'),
    );
    expect(random).toEqual(['random, random-halves', 'random, whole, other study']);
    expect(all).toEqual([
      'AnB, similar (halves)',
      'random, random-halves',
      'AnB onto natural, other study',
      'AnB onto man-made, other study',
      'random, whole, other study',
    ]);
    // Drawn, though not listed: its look is that of this study's line.
    expect(text).toContain('"series":"AnB, similar (halves), other study"');
  });
});

describe('tasks', () => {
  const natural = made.networks.map(
    (network) => ({ ...network, family: 'natural-man-made', split: 'natural-man-made' }) as const,
  );

  it('of another study are the same line if they are called the same, whatever their letters', () => {
    const study = { ...made.study, weightLayers: 8 };
    const trained = buildResults({ study, networks: natural });
    const [series] = directionSeries(trained, 'matched');
    expect(series).toMatchObject({ id: 'natural-man-made/man-made', name: 'AnB onto man-made' });
    const [theirs] = directionSeries(original, 'matched');
    expect(theirs).toMatchObject({ id: 'natural-man-made/natural', name: 'AnB onto natural' });
    const text = JSON.stringify(figure3(trained, 'matched', original)?.spec('light'));
    expect(text).toContain('"series":"AnB onto natural, other study"');
    expect(legends(text).flat()).not.toContain('AnB onto natural, other study');
  });

  it('of classes are called by their letters, or by their labels', () => {
    const networks = natural.map((network) => ({ ...network, family: 'classes' }) as const);
    const names = (study: StudyFacts) =>
      directionSeries(buildResults({ study, networks }), 'accuracy').map(({ name, short }) => [
        name,
        short,
      ]);
    expect(names(made.study)).toEqual([
      ['AnB onto A, classes', 'class A'],
      ['AnB onto B, classes', 'class B'],
    ]);
    const taskLabels = { classes: { A: 'birds', B: 'instruments' } };
    expect(names({ ...made.study, taskLabels })).toEqual([
      ['AnB onto birds', 'birds'],
      ['AnB onto instruments', 'instrume'],
    ]);
  });

  it('may be more than two: each has its base in Figure 1', () => {
    const third = made.networks.filter(({ name }) => name === 'split0/baseB');
    const networks = [
      ...made.networks,
      ...third.map((network) => ({ ...network, name: 'split0/baseC', target: 'C' })),
    ];
    const rows = treatmentRows(buildResults({ study: made.study, networks }));
    const names = rows.map(({ name }) => name);
    expect(names.slice(0, 4)).toEqual(['baseA', 'baseB', 'baseC', 'B3B']);
  });
});

describe('preserved layers', () => {
  it('have one scale in both panels', () => {
    const treatments = ['base', 'BnB', 'BnB-p1', 'AnB', 'AnB-p1'] as const;
    const networks = makeNetworks({ weightLayers: 6, splits: 3, treatments });
    const results = buildResults({ study: made.study, networks });
    const text = JSON.stringify(preservedFigure(results, 'matched')?.spec('light'));
    const ranges = [...text.matchAll(/"domain":(\[-?[\d.]+,-?[\d.]+\])/g)].map(
      ([, range]) => range,
    );
    expect(ranges.length).toBeGreaterThan(1);
    // One of y and one of n.
    expect(new Set(ranges).size).toBe(2);
  });
});
