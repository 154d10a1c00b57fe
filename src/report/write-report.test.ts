import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeNetworks } from '../../test/made-study.js';
import { figureCsv } from '../figures/figure-csv.js';
import { figuresOf } from '../figures/figures.js';
import type { Figure } from '../figures/spec.js';
import { buildResults } from '../study/results/build.js';
import type { NetworkResult, Results } from '../study/results/types.js';
import { drawFigures } from './draw/draw-figures.js';
import { type ReportData, type ReportFiles, writeReport } from './write-report.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-report-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const study = { name: 'made', weightLayers: 4, statistic: 'final' } as const;
const made = makeNetworks({
  weightLayers: 4,
  splits: 1,
  layers: [2],
  treatments: ['base', 'AnB+'],
});
const build = (networks: readonly NetworkResult[]): Results => buildResults({ study, networks });
const provenance = { studyYaml: '', selfferVersion: '0', dataHash: null, executors: [] };

function write(results: Results, more: Partial<ReportData> = {}): Promise<ReportFiles> {
  return writeReport(directory, { results, curves: [], provenance, ...more });
}
const page = (): string => readFileSync(join(directory, 'report.html'), 'utf8');
const pictures = (): readonly string[] => readdirSync(join(directory, 'figures')).sort();

test.each<[string, (network: NetworkResult) => Partial<NetworkResult>]>([
  // What `--only "A*B+"` once trained: the base that is copied, not that of the target.
  [
    'not trained',
    ({ name }) => (name.endsWith('baseB') ? { state: 'waiting', accuracy: null } : {}),
  ],
  ['dead', ({ name }) => (name.endsWith('baseB') ? { state: 'dead', accuracy: 0.03 } : {})],
  ['failed', ({ name }) => (name.endsWith('baseB') ? { state: 'failed', accuracy: null } : {})],
  [
    'missing',
    ({ treatment }) => (treatment === 'base' ? { state: 'missing', accuracy: null } : {}),
  ],
])('a study whose base of the target is %s has a report', async (_, change) => {
  const onlyB = made.filter(({ treatment, target }) => treatment === 'base' || target === 'B');
  const { failed } = await write(build(onlyB.map((each) => ({ ...each, ...change(each) }))));
  expect(failed).toEqual([]);
  expect(page()).toMatch(/Left out, for want of data: .*Figure 2, bottom, matched/);
  expect(pictures()).toContain('figure2-bottom.png');
  expect(pictures()).not.toContain('figure2-bottom-matched.png');
});

test('figures that cannot be made or drawn are named, and cost nothing else', async () => {
  const curves = [{ name: 'split0/baseA', tests: [null as never] }];
  const weights = { dtype: 'f32', shape: [2, 2], data: new Float32Array(4) } as const;
  const filters = [{ network: 'split0/baseA', layer: 'conv1', weights }];
  const { failed } = await write(build(made), { curves, filters });
  expect(failed.map(({ title }) => title)).toEqual([
    'learning curves',
    'The filters of split0/baseA',
  ]);
  expect(page()).toMatch(/The filters of split0\/baseA could not be drawn: .*wanted 4 dimensions/);
  expect(page()).toContain('<figure id="figure2-bottom-matched">');
  const broken = { id: 'figure1', title: 'broken', caption: '', alt: '' } as const;
  const { drawn } = await drawFigures([{ ...broken, spec: () => ({ mark: 'nonsense' }) }]);
  expect(drawn).toEqual([]);
});

test('a specification is made once a drawing, and not again for its numbers', async () => {
  const figure = figuresOf(build(made)).figures[0] as Figure;
  const asked: string[] = [];
  const spec: Figure['spec'] = (theme, room) => {
    asked.push(`${theme} ${room}`);
    return figure.spec(theme, room);
  };
  const { drawn } = await drawFigures([{ ...figure, spec }]);
  expect(asked.sort()).toEqual(['dark narrow', 'dark wide', 'light narrow', 'light wide']);
  expect(drawn[0]?.csv).toBe(figureCsv(figure.spec('light')));
});

test('nothing of an earlier report stays but files that are not its own', async () => {
  const weights = { dtype: 'f32', shape: [1, 3, 1, 1], data: new Float32Array(3) } as const;
  await write(build(made), { filters: [{ network: 'split0/baseA', layer: 'conv1', weights }] });
  writeFileSync(join(directory, 'figures', 'mine.png'), 'mine');
  expect(pictures()).toContain('filters-split0-baseA.png');
  await write(build([]));
  expect(pictures()).toEqual(['mine.png']);
  expect(page()).not.toContain('figure2');
  // Nor if the new one cannot be written at all.
  const { networks, ...broken } = build(made);
  expect(networks.length).toBeGreaterThan(0);
  await expect(write(broken as Results)).rejects.toThrow();
  expect(existsSync(join(directory, 'report.html'))).toBe(false);
  expect(existsSync(join(directory, 'findings.md'))).toBe(false);
});
