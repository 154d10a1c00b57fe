// Reports made of what somebody who means harm may have written, opened in a real browser: nothing
// of it runs. Each payload would leave a mark on its document.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunStoreError } from '../../src/base/errors.js';
import { type ReportData, writeReport } from '../../src/report/write-report.js';
import { buildResults } from '../../src/study/results/build.js';
import { formatResults } from '../../src/study/results/json.js';
import { parseResults } from '../../src/study/results/parse.js';
import type { Results } from '../../src/study/results/types.js';
import { makeNetworks } from '../made-study.js';
import { chromium, openedDocument } from './chromium.js';

const action = `document.documentElement.setAttribute('data-ran','1')`;
const payloads = [
  `<script>${action}</script>`,
  `<img src=x onerror="${action}">`,
  `<svg onload="${action}">`,
  `"><img src=x onerror=${action}>`,
  `' onfocus=${action} autofocus tabindex=1 x='`,
  `</title></style></script><script>${action}</script>`,
  `]]><script xmlns="http://www.w3.org/1999/xhtml">${action}</script>`,
  `--><svg><script>${action}</script></svg><!--`,
  `javascript:${action}`,
  `<iframe srcdoc="<script>parent.${action}</script>">`,
  `<a href="javascript:${action}" id=x>x</a><style>@import url(javascript:${action})</style>`,
  `&lt;script&gt;${action}&lt;/script&gt;`,
  `<path aria-label="x" role="graphics-symbol"/><script>${action}</script>`,
  `\${${action}}\`{{constructor.constructor("${action}")()}}`,
  '<meta http-equiv=refresh content="0;url=data:text/html,<html data-ran=1>">',
] as const;
const payload = (at: number): string => payloads[at % payloads.length] ?? '';

const root = mkdtempSync(join(tmpdir(), 'selffer-hostile-'));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;

/** Every word that can be anything is a payload. */
function hostileResults(shift: number): Results {
  const networks = makeNetworks({ weightLayers: 4, splits: 2, layers: [1, 3] });
  return buildResults({
    study: {
      name: payload(shift),
      weightLayers: 4,
      statistic: 'final',
      taskLabels: { 'natural-man-made': { A: payload(shift + 1), B: payload(shift + 2) } },
    },
    networks: [
      ...networks.map((network, i) => ({
        ...network,
        name: `${payload(shift + i)}/${network.name}`,
        split: `${payload(shift)}${network.split}`,
        originalName: payload(shift + i + 1),
        classes: 10,
        ...(i % 5 === 0 ? ({ state: 'dead' } as const) : {}),
        ...(i % 7 === 0 ? ({ notLearnt: true } as const) : {}),
      })),
      ...networks.map((network) => ({
        ...network,
        family: 'natural-man-made' as const,
        split: payload(shift),
      })),
    ],
  });
}

function dataOf(results: Results, shift: number): ReportData {
  const words = payload(shift);
  const other = payload(shift + 3);
  return {
    results,
    against: { ...results, study: { ...results.study, name: other } },
    curves: results.networks.slice(0, 6).map(({ name }) => ({
      name,
      tests: [1, 2].map((epoch) => ({ iteration: epoch, epoch, testAccuracy: epoch / 4 })),
    })),
    filters: [
      {
        network: words.replaceAll('/', ' '),
        layer: other,
        weights: { dtype: 'f32', shape: [1, 3, 2, 2], data: Float32Array.from({ length: 12 }) },
      },
    ],
    provenance: {
      done: [[words, other]],
      studyYaml: words,
      selfferVersion: other,
      dataHash: words,
      executors: [
        {
          name: words,
          version: other,
          instructionSet: words,
          threads: 1,
          host: other,
          networks: 1,
        },
      ],
      warnings: [words, other],
      imported: { from: words, notes: [other] },
    },
  };
}

async function written(data: ReportData): Promise<string> {
  const directory = join(root, String(count++));
  await writeReport(directory, data);
  return directory;
}

/** Whether anything ran in the page, with and without its policy: escaping must do by itself. */
function ran(page: string): readonly boolean[] {
  const text = readFileSync(page, 'utf8');
  const open = page.replace('.html', '-open.html');
  const without = text.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  expect(without).not.toBe(text);
  writeFileSync(open, without);
  return [page, open].map((path) => {
    const document = openedDocument(path);
    expect(document).toContain('Where the numbers come from');
    return isMarked(document);
  });
}

const isMarked = (document: string): boolean => /^[^]{0,200}<[a-z]+[^>]* data-ran=/.test(document);

describe.skipIf(chromium === null)('in a browser (skipped where there is none)', () => {
  test('what would run is seen to run, and the policy of a report forbids it', async () => {
    const page = join(root, 'control.html');
    for (const each of payloads.slice(0, 3)) {
      writeFileSync(page, `<!doctype html><html><body>${each}</body></html>`);
      expect([each, isMarked(openedDocument(page))]).toEqual([each, true]);
    }
    const report = join(await written(dataOf(hostileResults(0), 0)), 'report.html');
    const text = readFileSync(report, 'utf8').replace('<body>', `<body>${payloads.join('\n')}`);
    writeFileSync(page, text);
    expect(isMarked(openedDocument(page))).toBe(false);
  });

  // Names of networks are all payloads in each of them; the other words are others each time.
  test.each([0, 3, 6, 9, 12])('nothing runs of payloads from %i on', async (i) => {
    const directory = await written(dataOf(hostileResults(i), i));
    expect(ran(join(directory, 'report.html'))).toEqual([false, false]);
  });

  test('nor in the pictures that are saved beside a report', async () => {
    const directory = join(await written(dataOf(hostileResults(3), 3)), 'figures');
    const pictures = readdirSync(directory).filter((name) => /^[^-]*(-[a-z]+)?\.svg$/.test(name));
    expect(pictures.length).toBeGreaterThan(3);
    for (const name of pictures) {
      expect([name, isMarked(openedDocument(join(directory, name)))]).toEqual([name, false]);
    }
  });

  test('nor in what comes of changed results.json', async () => {
    const seed = Number(process.env['SELFFER_SEED'] ?? Date.now() % 2 ** 31);
    console.log(`seed ${seed} (SELFFER_SEED)`);
    const text = formatResults(hostileResults(0));
    const leaves = paths(JSON.parse(text));
    let pages = 0;
    const value = fc.oneof(
      fc.constantFrom<unknown>(...payloads, ...payloads.map((html) => ({ html }))),
      fc.jsonValue(),
    );
    // The reader refuses most changes: those that it takes, and any.
    const words = leaves.filter((path) => isRead(changed(text, [[path, payloads[0]]])));
    const change = fc.oneof(
      fc.tuple(fc.constantFrom(...words), fc.constantFrom<unknown>(...payloads)),
      fc.tuple(fc.constantFrom(...leaves), value),
    );
    const fewChanges = fc.array(change, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fewChanges, async (changes) => {
        let results: Results;
        try {
          results = buildResults(parseResults(changed(text, changes)));
        } catch (error) {
          expect(error).toBeInstanceOf(RunStoreError);
          return;
        }
        pages++;
        const directory = await written({ ...dataOf(results, 0), curves: [], filters: [] });
        expect(ran(join(directory, 'report.html'))).toEqual([false, false]);
      }),
      { seed, numRuns: 40 },
    );
    expect(pages).toBeGreaterThan(4);
  });

  const cases = fileURLToPath(new URL('../../../shared/cases/faults/', import.meta.url));
  let names: readonly string[] = [];
  beforeAll(() => {
    names = filesIn(cases).flatMap((name) => {
      if (name.startsWith('results-')) return [join(name, 'results.json')];
      return name === 'script-in-results.json' ? [name] : [];
    });
  });

  test('nor in files that did harm before', async ({ skip }) => {
    if (names.length === 0) skip('the shared cases are not here');
    for (const name of names) {
      let results: Results;
      try {
        results = buildResults(parseResults(readFileSync(join(cases, name), 'utf8')));
      } catch (error) {
        expect([name, error]).toEqual([name, expect.any(RunStoreError)]);
        continue;
      }
      const directory = await written({ ...dataOf(results, 0), curves: [], filters: [] });
      expect([name, ...ran(join(directory, 'report.html'))]).toEqual([name, false, false]);
    }
  });
});

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

type Path = readonly (string | number)[];

function changed(text: string, changes: readonly (readonly [Path, unknown])[]): string {
  const copy = JSON.parse(text) as Record<string | number, unknown>;
  for (const [path, value] of changes) {
    let at: unknown = copy;
    for (const step of path.slice(0, -1)) {
      if (typeof at === 'object' && at !== null)
        at = (at as Record<string | number, unknown>)[step];
    }
    const last = path.at(-1);
    if (typeof at === 'object' && at !== null && last !== undefined) {
      (at as Record<string | number, unknown>)[last] = value;
    }
  }
  return JSON.stringify(copy);
}

/** Whether it is taken for a study's results. */
function isRead(text: string): boolean {
  try {
    parseResults(text);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(RunStoreError);
    return false;
  }
}

/** Places of what a report reads. */
function paths(value: unknown, at: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [at];
  return Object.entries(value).flatMap(([key, member]) =>
    at.length === 0 && !['study', 'networks', 'schema'].includes(key)
      ? []
      : paths(member, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}
