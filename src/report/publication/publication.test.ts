import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeNetworks } from '../../../test/made-study.js';
import { figuresOf } from '../../figures/figures.js';
import { drawFigures } from '../draw/draw-figures.js';
import { removeReport } from '../../study/store/report-files.js';
import { buildResults } from '../../study/results/build.js';
import type { Results } from '../../study/results/types.js';
import { escapeLatex, latexTable } from './latex.js';
import { methodsText } from './methods.js';
import { renderPdf } from './pdf.js';
import { paperTables } from './tables.js';
import { writePublication } from './write-publication.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-paper-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const study = { name: 'made_up & more', weightLayers: 4, statistic: 'final' } as const;
const build = (splits: number): Results =>
  buildResults({ study, networks: makeNetworks({ weightLayers: 4, splits }) });
const provenance = {
  done: [
    ['network', 'net: 4 weight layers'],
    ['training', '2 epochs, batch 32'],
  ],
  studyYaml: '',
  selfferVersion: '1.2.3',
  dataHash: null,
  executors: [],
} as const;

test('LaTeX shows what it is given, and obeys none of it', () => {
  expect(escapeLatex('50 % of a_b & {c} $\\input{x}$ ~ ^ #1\n2')).toBe(
    String.raw`50 \% of a\_b \& \{c\} \$\textbackslash{}input\{x\}\$ \textasciitilde{} \textasciicircum{} \#1 2`,
  );
  expect(escapeLatex('\u22121.5 [\u22122, +0] \u00d7 1\u20137')).toBe(
    String.raw`$-$1.5 [$-$2, +0] $\times$ 1--7`,
  );
});

test('a table has its rules, and a column for each header', () => {
  const made = { label: 'x', caption: 'c', header: ['n', 'a', 'b'], rows: [['1', '2', '']] };
  const text = latexTable(made);
  expect(text).toContain(String.raw`\begin{tabular}{lrr}`);
  expect(text).toContain(String.raw`n & a & b \\`);
  expect(text).toContain(String.raw`1 & 2 &  \\`);
  expect(text.match(/\\(top|mid|bottom)rule/g)).toHaveLength(3);
});

test('tables hold the numbers of results.json', () => {
  const results = build(4);
  const tables = paperTables(results);
  expect(tables.map(({ label }) => label)).toEqual(['matched', 'drops', 'gain']);
  const [matched, drops] = tables;
  const point = results.matched['AnB']?.find(({ n }) => n === 2);
  const column = matched?.header.indexOf('AnB') ?? -1;
  const cell = matched?.rows.find(([n]) => n === '2')?.[column] ?? '';
  const [mean, low, high] = cell.replaceAll('\u2212', '-').match(/[-+]?\d+\.\d/g) ?? [];
  expect(Number(mean)).toBeCloseTo(point?.meanPt ?? NaN, 1);
  expect(Number(low)).toBeCloseTo(point?.lowPt ?? NaN, 1);
  expect(Number(high)).toBeCloseTo(point?.highPt ?? NaN, 1);
  expect(drops?.rows).toHaveLength(3);
});

test('the paragraph says what was trained and what intervals are', () => {
  const text = methodsText(build(4), provenance);
  expect(text).toContain('with Selffer 1.2.3.');
  expect(text).toContain('Network: net: 4 weight layers. Tasks A and B are random halves');
  expect(text).toContain(
    'Training: 2 epochs, batch 32. 4 divisions of the classes were trained once.',
  );
  expect(text).toContain('Intervals are t intervals, 95 % intervals over 4 splits');
  expect(text).not.toContain('undefined');
  expect(methodsText(build(1), provenance)).toContain('too few independent values for intervals');
});

test('a folder for a paper: figures in two widths, tables, methods, references', async () => {
  const results = build(2);
  const { drawn } = await drawFigures(figuresOf(results).figures);
  const { folder, failed } = await writePublication(directory, { results, provenance }, drawn);
  expect(failed).toEqual([]);
  const names = readdirSync(folder);
  for (const name of ['tables.tex', 'methods.tex', 'references.bib', 'figure2-bottom.pdf']) {
    expect(names).toContain(name);
  }
  const widthOf = (name: string): number => {
    const [, width = ''] = /\/MediaBox \[0 0 ([\d.]+)/.exec(
      readFileSync(join(folder, name), 'latin1'),
    ) ?? [''];
    return (Number(width) / 72) * 2.54;
  };
  expect(widthOf('figure2-bottom.pdf')).toBeCloseTo(17.5, 2);
  expect(widthOf('figure2-bottom-column.pdf')).toBeCloseTo(8.25, 2);
  expect(readFileSync(join(folder, 'tables.tex'), 'utf8')).toContain(String.raw`made\_up \& more`);
  writeFileSync(join(folder, 'mine.tex'), '');
  removeReport(directory);
  expect(readdirSync(folder)).toEqual(['mine.tex']);
  expect(existsSync(folder)).toBe(true);
});

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text>A</text></svg>';

test('equal drawings give equal PDFs, with their fonts', async () => {
  const [first, second] = [await renderPdf(svg, 5), await renderPdf(svg, 5)];
  expect(first.equals(second)).toBe(true);
  expect(first.toString('latin1')).toMatch(/\/FontFile2/);
});

test('a drawing without a size is refused', async () => {
  await expect(renderPdf('<svg></svg>', 5)).rejects.toThrow(/no size/);
});
