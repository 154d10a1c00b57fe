// results.json as a file that anybody may have written: what comes of it is a report or an error
// that names the place, never markup, never a crash.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { makeNetworks } from '../../test/made-study.js';
import { RunStoreError } from '../base/errors.js';
import { figureCsv } from '../figures/figure-csv.js';
import { figuresOf } from '../figures/figures.js';
import { buildResults } from '../study/results/build.js';
import { formatCsv } from '../study/results/csv.js';
import { formatResults } from '../study/results/json.js';
import { parseResults } from '../study/results/parse.js';
import type { Results } from '../study/results/types.js';
import { markup, htmlText } from './html.js';
import { renderPage } from './page.js';
import { paperFindings } from './paper/findings.js';
import { findingMarkdown } from './paper/tables.js';
import { resultsTable } from './terminal-table.js';

const made = buildResults({
  study: {
    name: 'made',
    weightLayers: 4,
    statistic: 'final',
    segmentNames: ['stem', 'layer1.0', 'layer"2', 'fc'],
    taskLabels: { 'natural-man-made': { A: 'man-made', B: 'natural' } },
  },
  networks: [
    ...makeNetworks({ weightLayers: 4, splits: 1, layers: [2] }),
    ...makeNetworks({ weightLayers: 4, splits: 1, layers: [2] }).map((network) => ({
      ...network,
      family: 'natural-man-made' as const,
      split: 'natural-man-made',
    })),
  ],
});
const text = formatResults(made);
const script = '<img src=x onerror=alert(1)>';
const provenance = { studyYaml: '', selfferVersion: '0', dataHash: null, executors: [] };

/** The results with `value` at `path`. */
function changed(path: readonly (string | number)[], value: unknown): string {
  const copy = JSON.parse(text) as Record<string | number, never>;
  let at = copy;
  for (const step of path.slice(0, -1)) at = at[step] as unknown as typeof at;
  at[path.at(-1) as string] = value as never;
  return JSON.stringify(copy);
}

function everythingMadeOf(results: Results): string {
  const drawn = figuresOf(results, [], results).figures.map((figure) => ({
    figure,
    wide: { light: JSON.stringify(figure.spec('light')).replaceAll('<', ''), dark: '' },
    narrow: { light: '', dark: '' },
    csv: figureCsv(figure.spec('light')),
  }));
  formatCsv(results);
  resultsTable(results);
  findingMarkdown(results, paperFindings(results));
  return renderPage(results, { drawn }, provenance, { against: results });
}

describe('a wrong value', () => {
  it.each<[string, (string | number)[], unknown]>([
    ['networks.1.name: found {"html":', ['networks', 1, 'name'], { html: script }],
    [
      'networks.0.treatment: found "AnB-p9", wanted one of base',
      ['networks', 0, 'treatment'],
      'AnB-p9',
    ],
    ['networks.0.family', ['networks', 0, 'family'], '__proto__'],
    ['networks.0.source: found "<b>", wanted a capital letter', ['networks', 0, 'source'], '<b>'],
    ['networks.0.state', ['networks', 0, 'state'], ['done']],
    ['networks.0.accuracy: found "0.5", wanted a number', ['networks', 0, 'accuracy'], '0.5'],
    ['networks.0.accuracy: found 61.2, wanted at most 1', ['networks', 0, 'accuracy'], 61.2],
    ['networks.0.n: found 9, wanted at most the 4 weight layers', ['networks', 0, 'n'], 9],
    ['networks.0: found null', ['networks', 0], null],
    ['networks: found {}', ['networks'], {}],
    ['study.name is missing', ['study'], {}],
    ['study.weightLayers: found 1000000000', ['study', 'weightLayers'], 1e9],
    ['study.segmentNames.1', ['study', 'segmentNames'], ['a', { html: script }]],
    ['study.taskLabels', ['study', 'taskLabels'], { halves: { A: 'x' } }],
    ['study.taskLabels.classes.A', ['study', 'taskLabels'], { classes: { A: { html: script } } }],
    ['found schema {"html":', ['schema'], { html: script }],
  ])('is named: %s', (message, path, value) => {
    const parse = () => parseResults(changed(path, value), 'kept.json');
    expect(parse).toThrow(RunStoreError);
    expect(parse).toThrow(`kept.json: ${message}`);
  });

  it.each(['', 'null', '[]', '"x"', '{"schema": "selffer.results/1"}'])(
    'in the file %j',
    (file) => {
      expect(() => parseResults(file)).toThrow(RunStoreError);
    },
  );
});

describe('the reader', () => {
  it('takes what was written, and what version 0.1.0 wrote', () => {
    const { study, networks } = parseResults(text);
    expect(networks).toEqual(made.networks);
    expect(study).toEqual(made.study);
    const { imagesPerClass, testImages, classes, ...older } = made.networks[0]!;
    expect([imagesPerClass, testImages, classes]).toEqual([null, null, null]);
    expect(parseResults(changed(['networks', 0], older)).networks[0]).toEqual(made.networks[0]);
  });

  it('does not take summaries from the file', () => {
    const file = changed(['matched', 'AnB'], [{ n: { html: script }, meanPt: script }]);
    expect(parseResults(file)).toEqual(parseResults(text));
  });

  it('gives a report or says what is wrong, whatever is put wherever', () => {
    const leaves = paths(JSON.parse(text));
    const values = fc.oneof(
      fc.constantFrom<unknown>(script, { html: script }, [script], null, -1, 0, 1e308, '__proto__'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...leaves), values, (path, value) => {
        let results: Results;
        try {
          results = buildResults(parseResults(changed(path, value)));
        } catch (error) {
          expect(error).toBeInstanceOf(RunStoreError);
          return;
        }
        expect(everythingMadeOf(results)).not.toContain('<img src=x');
      }),
      { seed: 5, numRuns: 100 },
    );
  });
});

test('the findings as Markdown hold no markup of a name, nor a line of its own', () => {
  const name = `x\n# other\n${script}`;
  const results = { ...made, study: { ...made.study, name } };
  const [title] = findingMarkdown(results, paperFindings(results)).split('\n');
  expect(title).toBe("# x # other &lt;img src=x onerror=alert(1)>: the paper's findings");
});

describe('markup', () => {
  it('is made by code alone: an object of a file is text', () => {
    const hostile = JSON.parse(`{"html": "${script}", "toString": 1}`) as string;
    expect(htmlText(markup`<p>${hostile}</p>`)).toBe(
      '<p>{&quot;html&quot;:&quot;&lt;img src=x onerror=alert(1)&gt;&quot;,&quot;toString&quot;:1}</p>',
    );
    expect(htmlText(markup`${[hostile] as never}`)).not.toContain('<img');
  });
});

function paths(value: unknown, at: readonly (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [[...at]];
  const inner = Object.entries(value).flatMap(([key, member]) =>
    paths(member, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return at.length === 0 ? inner : [[...at], ...inner];
}
