// Two unlike tasks in figures, tables and on the terminal: one form a target, nothing pooled.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeNetworks } from '../made-study.js';
import { figuresOf } from '../../src/figures/figures.js';
import { curveOf } from '../../src/figures/line-points.js';
import { randomSeries, relativeSeries } from '../../src/figures/distance-panels.js';
import { renderFigure } from '../../src/report/draw/render.js';
import { htmlText } from '../../src/report/html.js';
import { numbers } from '../../src/report/numbers.js';
import { resultsTable } from '../../src/report/terminal-table.js';
import { buildResults } from '../../src/study/results/build.js';
import { partsOf } from '../../src/study/results/family.js';
import type { NetworkResult } from '../../src/study/results/types.js';
import { removeReport } from '../../src/study/store/report-files.js';

// A to B loses 10 points at n = 3, B to A nothing.
const accuracy = ({ treatment, target, repeat, n }: NetworkResult) =>
  (target === 'A' ? 0.9 : 0.7) +
  [-0.002, 0, 0.002][repeat]! -
  (treatment === 'AnB' && target === 'B' ? (0.1 * n) / 3 : 0);
const networks = makeNetworks({
  weightLayers: 4,
  splits: 1,
  repeats: 3,
  accuracy,
  treatments: ['base', 'BnB', 'AnB', 'AnB+', 'AnB-p1', 'BnB-p1'],
}).map((each): NetworkResult => ({ ...each, family: 'natural-man-made', split: 'nm' }));
const results = buildResults({
  study: {
    name: 'unlike',
    weightLayers: 4,
    statistic: 'final',
    taskLabels: { 'natural-man-made': { A: 'man-made', B: 'natural' } },
  },
  networks,
});

describe('two unlike tasks', () => {
  it('have the figures of lines and marks once a target, with the direction in the title', () => {
    const { figures } = figuresOf(results);
    const ids = figures.map(({ id }) => id);
    for (const id of ['figure2-bottom-matched', 'figure2-top', 'decomposition', 'preserved']) {
      expect(ids).toContain(`${id}-A`);
      expect(ids).toContain(`${id}-B`);
      expect(ids).not.toContain(id);
    }
    const onto = figures.find(({ id }) => id === 'figure2-bottom-matched-B');
    expect(onto?.title).toMatch(/, man-made to natural$/);
    expect(onto?.caption).toContain(
      '95 % intervals over 3 repeats (they speak of these tasks and test images, trained anew)',
    );
    const text = JSON.stringify(onto?.spec('light'));
    expect(text).toContain('specificity drop 10.0');
    expect(text).not.toContain('split0/A1A');
  });

  it('have lines of one target each', () => {
    const deepest = partsOf(results).map(({ results: part }) =>
      curveOf(part, 'AnB', 'matched').at(-1),
    );
    expect(deepest.map((point) => point?.y)).toEqual([0, -10]);
    const below = relativeSeries(results, 'matched').map(({ name, points }) => [
      name,
      points.at(-1)?.y,
    ]);
    expect(below).toEqual([
      ['AnB onto man-made', 0],
      ['AnB onto natural', -10],
    ]);
  });

  it('have lines of random features of one target each', () => {
    const members = makeNetworks({
      ...{ weightLayers: 4, splits: 1, treatments: ['base', 'random'], layers: [1] },
      accuracy: ({ target, n }) => (target === 'A' ? 0.9 - 0.3 * n : 0.7 - 0.1 * n),
    }).map((each): NetworkResult => ({ ...each, family: 'natural-man-made', split: 'nm' }));
    const random = buildResults({ study: results.study, networks: members });
    const lines = (['accuracy', 'matched'] as const).map((measure) => [
      ...randomSeries(random, measure).map(({ name, points }) => [name, points.at(-1)?.y]),
      ...relativeSeries(random, measure).map(({ name, points }) => [name, points.at(-1)?.y]),
    ]);
    const [onto, of] = ['random, man-made', 'random, natural'];
    const [first, second] = [-30, -10].map((points) => expect.closeTo(points, 9) as number);
    expect(lines).toEqual([
      [
        [onto, 0.6],
        [of, expect.closeTo(0.6, 9)],
        [onto, first],
        [of, second],
      ],
      [
        [onto, first],
        [of, second],
        [onto, first],
        [of, second],
      ],
    ]);
    const looks = randomSeries(random, 'matched').map(({ look }) => look.shape);
    expect(new Set(looks).size).toBe(2);
  });

  it('have tables and a terminal table each', () => {
    const page = htmlText(numbers(results)!);
    expect(page).toContain('By n, natural to man-made:');
    expect(page).toContain('Table 1, man-made to natural');
    const [toA = '', toB = ''] = resultsTable(results).split('\n\n');
    expect(toA).toMatch(/^natural to man-made: base accuracy 0\.900 \(networks: 3\)/);
    expect(toB).toMatch(/^man-made to natural: base accuracy 0\.700/);
    expect(toB).toContain('\u221210.0 \u00b10.0');
    expect(toB).toMatch(/±: 95 % intervals over 3 repeats,\n\(they speak of these tasks/);
    expect(toA).not.toContain('\u221210.0');
  });

  it('leave pictures that the next report removes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'selffer-figures-'));
    const pictures = join(folder, 'figures');
    mkdirSync(pictures);
    const names = ['figure2-top-B.svg', 'figure2-top-B-dark.png', 'figure1.svg', 'mine-B.svg'];
    for (const name of names) writeFileSync(join(pictures, name), '');
    removeReport(folder);
    expect(readdirSync(pictures)).toEqual(['mine-B.svg']);
    rmSync(folder, { recursive: true });
  });

  it('can be drawn', async () => {
    const { figures } = figuresOf(results);
    for (const figure of figures.filter(({ id }) => id.endsWith('-B'))) {
      const picture = await renderFigure(figure.spec('light'));
      expect(picture).toHaveProperty('png');
    }
  });
});
