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
  expect(escapeLatex('a < b > \u201cc\u201d \u00b1 d')).toBe(
    String.raw`a \textless{} b \textgreater{} ${'``'}c'' $\pm$ d`,
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
  const [matched] = tables;
  const point = results.matched['AnB']?.find(({ n }) => n === 2);
  const column = matched?.header.indexOf('AnB') ?? -1;
  const cell = matched?.rows.find(([n]) => n === '2')?.[column] ?? '';
  const [mean, low, high] = cell.replaceAll('\u2212', '-').match(/[-+]?\d+\.\d/g) ?? [];
  expect(Number(mean)).toBeCloseTo(point?.meanPt ?? NaN, 1);
  expect(Number(low)).toBeCloseTo(point?.lowPt ?? NaN, 1);
  expect(Number(high)).toBeCloseTo(point?.highPt ?? NaN, 1);
});

test('so do those of the two drops and of what is gained', () => {
  const results = build(4);
  const [, drops, gain] = paperTables(results);
  expect(drops?.rows).toHaveLength(3);
  const drop = results.decomposition.find(({ n }) => n === 3);
  expect(numbersOf(drops?.rows.find(([n]) => n === '3'))).toEqual(
    [
      ...[3, drop?.coadaptationPt, drop?.coadaptationLowPt, drop?.coadaptationHighPt],
      ...[drop?.specificityPt, drop?.specificityLowPt, drop?.specificityHighPt, drop?.pairs],
    ].map((value) => expect.closeTo(value ?? NaN, 1)),
  );
  const [first] = results.table1;
  expect(gain?.rows[0]?.[0]).toBe('1\u20133');
  expect(numbersOf(gain?.rows[0]?.slice(1))).toEqual(
    [first?.matchedOverBasePt, first?.matchedOverSelfferPt, first?.networks].map((value) =>
      expect.closeTo(value ?? NaN, 1),
    ),
  );
});

/** All numbers of a row, in its order. */
function numbersOf(row: readonly string[] = []): readonly number[] {
  const found =
    row
      .join(' ')
      .replaceAll('\u2212', '-')
      .match(/[-+]?\d+(\.\d+)?/g) ?? [];
  return found.map(Number);
}

test('a table without numbers is left out', () => {
  const networks = makeNetworks({ weightLayers: 4, splits: 1, treatments: ['base', 'AnB'] });
  const labels = paperTables(buildResults({ study, networks })).map(({ label }) => label);
  expect(labels).not.toContain('gain');
  expect(labels).toContain('matched');
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

test('the paragraph counts dead networks, repeats and machines, and names the statistic', () => {
  const networks = makeNetworks({ weightLayers: 4, splits: 1, repeats: 2 });
  const results = buildResults({
    study: { ...study, statistic: 'top10' },
    networks: networks.map((each, at) => (at === 3 ? { ...each, state: 'dead' } : each)),
  });
  const executor = { name: 'onednn', version: '3.5', instructionSet: 'AVX2', threads: 2 };
  const text = methodsText(results, {
    ...provenance,
    executors: [
      { ...executor, host: 'a', networks: 3 },
      { ...executor, host: 'b', networks: 4 },
      { ...executor, version: '3.6', host: 'b', networks: 1 },
    ],
  });
  expect(text).toContain('One division of the classes was trained 2 times.');
  expect(text).toContain(
    'of which ' + String(networks.length - 1) + ' are done; 1 never left chance',
  );
  expect(text).toContain('with n from 1 to 3:');
  expect(text).toContain('the mean of the 10 best tests');
  expect(text).toContain('Computed by 3.5 (AVX2, 2 threads); 3.6 (AVX2, 2 threads).');
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
  expect(readFileSync(join(folder, 'references.bib'), 'utf8')).toContain('version 1.2.3}');
  expect(readFileSync(join(folder, 'methods.tex'), 'utf8')).toContain('2 epochs, batch 32');
  writeFileSync(join(folder, 'mine.tex'), '');
  removeReport(directory);
  expect(readdirSync(folder)).toEqual(['mine.tex']);
  expect(existsSync(folder)).toBe(true);
});

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text>A</text></svg>';

/** Names of the fonts that are in a PDF, less what tells subsets apart. */
function fontsOf(pdf: Buffer): readonly string[] {
  const text = pdf.toString('latin1');
  expect(text).toMatch(/\/FontFile2/);
  return [
    ...new Set([...text.matchAll(/\/FontName \/[A-Z]+\+([\w-]+)/g)].map((m) => m[1] ?? '')),
  ].sort();
}

test('equal drawings give equal PDFs, with their fonts', async () => {
  const [first, second] = [await renderPdf(svg, 5), await renderPdf(svg, 5)];
  expect(first.equals(second)).toBe(true);
  expect(fontsOf(first)).toEqual(['DejaVuSans']);
  const styled = svg.replace(
    '<text>',
    '<text font-weight="bold">B</text><text font-style="italic">',
  );
  expect(fontsOf(await renderPdf(styled, 5))).toEqual(['DejaVuSans-Bold', 'DejaVuSans-Oblique']);
});

test('a drawing without a size is refused', async () => {
  await expect(renderPdf('<svg></svg>', 5)).rejects.toThrow(/no size/);
});
