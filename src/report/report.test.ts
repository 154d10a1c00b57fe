import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeNetworks } from '../../test/made-study.js';
import { originalNetworks, originalStudy } from '../../test/yosinski2014.js';
import { figuresOf } from '../figures/figures.js';
import type { Room } from '../figures/spec.js';
import { buildResults } from '../study/results/build.js';
import type { NetworkResult } from '../study/results/types.js';
import { findingsOf } from './findings.js';
import { escapeHtml, htmlText, markup } from './html.js';
import { inlineSvg } from './inline-svg.js';
import { renderPage } from './page.js';
import { paperFindings } from './paper/findings.js';
import { treatmentKinds } from '../study/treatments.js';
import { plainColors, resultsTable } from './terminal-table.js';
import { warningsOf } from './warnings.js';
import { writeReport } from './write-report.js';

const original = buildResults({ study: originalStudy, networks: originalNetworks() });
const study = { name: 'made <b>', weightLayers: 6, statistic: 'final' } as const;
const build = (networks: readonly NetworkResult[]) => buildResults({ study, networks });
const made = makeNetworks({ weightLayers: 6, splits: 2 });
const executor = {
  name: 'reference',
  version: '1',
  instructionSet: 'none',
  threads: 1,
  host: 'h',
  networks: 3,
};
const provenance = {
  studyYaml: 'name: x # </pre><script>',
  selfferVersion: '0.0.0',
  dataHash: null,
  executors: [executor],
};
const noFigures = { drawn: [] };
const answer = (results: typeof original, id: string) =>
  findingsOf(results).find((finding) => finding.id === id)?.answer ?? '';

describe('findings', () => {
  it('of the original: from n = 3, dip at 5, specificity at 7, no gain that is transfer\u2019s own', () => {
    expect(answer(original, 'transfer')).toContain(
      'From n = 3 on: against its own base, frozen transfer is at \u22120.6 [\u22120.8, \u22120.5] Pt at n = 3',
    );
    expect(answer(original, 'co-adaptation')).toContain('+3.0 [+2.7, +3.3] Pt at n = 5');
    expect(answer(original, 'specificity')).toContain('+8.2 [+8.0, +8.4] Pt at n = 7');
    expect(answer(original, 'specificity')).toContain('from n = 6 on');
    expect(answer(original, 'gain')).toContain('+1.0 Pt (no interval');
    expect(answer(original, 'gain')).toContain(
      'cannot be distinguished from one of training twice',
    );
  });

  it('say when they go by means alone, and when nothing is known', () => {
    const single = build(makeNetworks({ weightLayers: 6, splits: 1 }));
    expect(answer(single, 'transfer')).toMatch(
      /^By means alone.*intervals need 3 independent values/,
    );
    const waiting = build(made.map((n) => ({ ...n, state: 'waiting', accuracy: null })));
    for (const finding of findingsOf(waiting)) expect(finding.answer).toMatch(/^Not known/);
    for (const finding of findingsOf(build([]))) expect(finding.answer).toMatch(/^Not asked/);
  });

  it('compare with the warm restart where there is one', () => {
    const accuracy = ({ treatment, split }: NetworkResult) =>
      0.5 +
      ({ 'AnB+': 0.05, 'warm-restart': 0.08 }[treatment as string] ?? 0) +
      Number(split.slice(5)) / 10;
    const worse = build(makeNetworks({ weightLayers: 6, splits: 2, accuracy }));
    expect(answer(worse, 'gain')).toContain(
      '\u22123.0 [\u22123.0, \u22123.0] Pt, so transfer does worse',
    );
    expect(answer(worse, 'gain')).toContain(
      '+5.0 [+5.0, +5.0] Pt, so the other task adds something',
    );
  });
});

describe('page', () => {
  it('escapes everything and asks for nothing outside of itself', () => {
    const text = renderPage(build(made), noFigures, provenance);
    expect(text).toContain('<h1>made &lt;b&gt;:');
    expect(text).toContain('name: x # &lt;/pre&gt;&lt;script&gt;');
    expect(text).not.toContain('made <b>');
    expect(text.match(/<script>/g)).toHaveLength(1);
    const [, script = ''] = /<script>([^]*?)<\/script>/.exec(text) ?? [];
    const hash = createHash('sha256').update(script).digest('base64');
    expect(text).toContain(`script-src &#39;sha256-${hash}&#39;;`);
    expect(text).not.toMatch(/(src|href)="(?!#)|@import|url\((?!#)/);
    expect(escapeHtml(`<a href="x" b='y'>&`)).toBe(
      '&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;',
    );
    const nested = markup`<i>${'<'}${markup`<b></b>`}${null}</i>`;
    expect(htmlText(nested)).toBe('<i>&lt;<b></b></i>');
  });

  it('says whether every treatment runs on every task', () => {
    const onEvery = (networks: readonly NetworkResult[]) =>
      /(Every|Not every) treatment runs on (both|all) tasks/.exec(
        renderPage(build(networks), noFigures, provenance),
      )?.[0];
    expect(onEvery(made)).toBe('Every treatment runs on both tasks');
    expect(onEvery(made.slice(1))).toBe('Not every treatment runs on both tasks');
    expect(onEvery(made.filter(({ target }) => target === 'B'))).toMatch(/^Not every/);
    const third = made.filter(({ target }) => target === 'B').map((n) => ({ ...n, target: 'C' }));
    expect(onEvery([...made, ...third])).toBe('Every treatment runs on all tasks');
    expect(onEvery(made.map((network) => ({ ...network, target: null })))).toBeUndefined();
  });

  it('gives ids of inlined figures a prefix', () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" viewBox="0 0 20 10"><clipPath id="c"/><g clip-path="url(#c)"/></svg>';
    expect(htmlText(inlineSvg(svg, 'f', 'a "b"'))).toBe(
      '<svg viewBox="0 0 20 10" style="max-width:20px" role="img" aria-label="a &quot;b&quot;">' +
        '<clipPath id="f-c"/><g clip-path="url(#f-c)"/></svg>',
    );
  });
});

describe('warnings', () => {
  it('name what is not done and mixed executors', () => {
    const changed = made.map((network, i): NetworkResult => {
      if (i === 0) return { ...network, state: 'failed', accuracy: null };
      if (i === 1) return { ...network, state: 'dead' };
      return i === 2 ? { ...network, state: 'running', accuracy: null } : network;
    });
    const text = warningsOf(build(changed), [executor, { ...executor, threads: 2 }]).join('\n');
    expect(text).toContain(`not finished: ${made.length - 1} of ${made.length}`);
    expect(text).toContain(`1 network failed: ${made[0]!.name}`);
    expect(text).toContain(`cannot be told apart from chance (dead): ${made[1]!.name}`);
    expect(text).toContain('not all trained by the same executor');
    // The made bases are not trained to their end, and nothing else is to be said.
    expect(warningsOf(build(made), [executor, { ...executor, host: 'other' }])).toEqual([
      expect.stringContaining('not trained to their end'),
    ]);
  });
});

describe('networks whose training failed', () => {
  const texts = (change: (network: NetworkResult) => Partial<NetworkResult>) =>
    warningsOf(build(made.map((network) => ({ ...network, ...change(network) }))), []);

  it('dead: on how many images, what to do, and what was not trained for it', () => {
    const copiesA = ({ split, source }: NetworkResult) => split === 'split0' && source === 'A';
    const [dead, untrained, ...others] = texts((network) => {
      if (network.name === 'split0/baseA') return { state: 'dead', accuracy: 0.5, testImages: 24 };
      return copiesA(network) ? { state: 'missing', accuracy: null } : {};
    });
    expect(dead).toContain(
      '1 network cannot be told apart from chance on 24 test images (dead): split0/baseA',
    );
    expect(dead).toContain('with another learning rate');
    const count = made.filter(copiesA).length;
    expect(untrained).toContain(
      `${count} networks not trained, for their base is dead: split0/A1A`,
    );
    expect(others).toEqual([expect.stringContaining('not trained to their end')]);
  });

  it('missing: what they would go on from', () => {
    const treatments = ['base', 'AnB', 'AnB>'] as const;
    const changed = makeNetworks({ weightLayers: 6, splits: 1, layers: [1, 2], treatments }).map(
      (network): NetworkResult => {
        if (network.name === 'split0/A2B') return { ...network, state: 'failed' };
        return network.name === 'split0/A2B>' ? { ...network, state: 'missing' } : network;
      },
    );
    expect(warningsOf(build(changed), []).join('\n')).toContain(
      '1 network not trained, for what they go on from is failed: split0/A2B>.',
    );
  });

  it('missing of an imported study: their logs', () => {
    const [text] = texts(({ name }) => (name === 'split0/A2B' ? { state: 'missing' } : {}));
    expect(text).toContain('1 network without a test in their logs');
  });

  it('done without having learnt: named in the page, its table, and F14', () => {
    const change = ({ treatment, n }: NetworkResult) =>
      treatment === 'random' && n > 3 ? ({ notLearnt: true, classes: 30 } as const) : {};
    const [text] = texts(change);
    expect(text).toContain('8 networks did not learn');
    const results = build(made.map((network) => ({ ...network, classes: 30, ...change(network) })));
    expect(renderPage(results, noFigures, provenance)).toContain('>done, did not learn</td>');
    const verdict = (networks: readonly NetworkResult[]) =>
      paperFindings(build(networks)).find(({ id }) => id === 'F14');
    expect(verdict(results.networks)).toMatchObject({
      verdict: 'undecided',
      evidence: expect.stringContaining('Of 8 others the training loss ended where guessing is'),
    });
    expect(verdict(made.map((network) => ({ ...network, classes: 30 })))?.verdict).toBe(
      'contradicts',
    );
  });
});

describe('terminal table', () => {
  it('shows matched differences, red below 0 and green above', () => {
    const marks = {
      ...plainColors,
      red: (t: string) => `r(${t})`,
      green: (t: string) => `g(${t})`,
    };
    const text = resultsTable(original, marks);
    expect(text).toContain('r(\u22128.3 \u00b10.3)');
    expect(text).toContain('base accuracy 0.625 (networks: 8)');
    expect(text).toContain('needs 3 independent values');
    expect(resultsTable(build(made))).not.toContain('needs 3 independent values');
    expect(resultsTable(build([]))).toContain('base accuracy \u2013');
  });

  it('has controls in tables of their own, no line over 100 columns', () => {
    const all = makeNetworks({ weightLayers: 6, splits: 3, treatments: treatmentKinds });
    const text = resultsTable(build(all.filter(({ treatment }) => !/p[12]$/.test(treatment))));
    const heads = text.split('\n').filter((line) => /\u2502 +n \u2502/.test(line));
    expect(heads.map((head) => head.match(/[^\s\u2502]+/g)?.slice(1))).toEqual([
      ['BnB', 'BnB+', 'AnB', 'AnB+', 'random', 'warm-restart'],
      ['base-long', 'BnB>', 'AnB>', 'BnB-only', 'AnB-only'],
      ['AnB-moments', 'AnB+-slow', 'warm-restart-2'],
    ]);
    expect(
      Math.max(
        ...text
          .split('\n')
          .slice(1)
          .map(({ length }) => length),
      ),
    ).toBeLessThan(100);
  });

  it('names the segments of a network that is not a chain', () => {
    const segmentNames = ['stem', 'layer1.0', 'layer2.0', 'fc'];
    const networks = makeNetworks({ weightLayers: 4, splits: 1 });
    const results = buildResults({
      study: { ...study, weightLayers: 4, segmentNames },
      networks,
    });
    expect(resultsTable(results)).toContain(' 2 layer1.0 ');
    expect(resultsTable(build(made))).toMatch(/│ +2 │/);
    const page = renderPage(results, noFigures, provenance);
    expect(page).toContain('>3 layer2.0</td>');
    expect(page).toContain('4 segments');
    const [figure] = figuresOf(results, []).figures;
    const labels = (room: Room): string => JSON.stringify(figure?.spec('light', room));
    expect(labels('wide')).toContain('layer1.0');
    expect(labels('narrow')).not.toContain('layer1.0');
  });

  it('fits 90 columns with all treatments', () => {
    const widths = resultsTable(build(made))
      .split('\n')
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(90);
  });
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'selffer-report-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('are the page and each figure as SVG and PNG in both themes', async () => {
    const networks = makeNetworks({ weightLayers: 4, splits: 1, treatments: ['base', 'AnB'] });
    const results = buildResults({ study: { ...study, weightLayers: 4 }, networks });
    const { report, figures } = await writeReport(folder, { results, curves: [], provenance });
    const page = readFileSync(report, 'utf8');
    expect(page).toContain('<figure id="figure2-bottom-matched">');
    expect(page).toContain('none here, they need 3 independent values');
    expect(figures.map((path) => path.slice(folder.length + 1))).toContain(
      'figures/figure2-top-dark.png',
    );
    for (const path of figures) expect(readFileSync(path).length).toBeGreaterThan(500);
  });
});
