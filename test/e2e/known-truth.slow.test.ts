// Real trainings on made data whose truth is known: what the report says of them is right. Letters
// are the target; the source is the same letters under each other's names (nothing is specific), or
// noise (what is learnt of it is of no use). A few minutes each.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paperFindings } from '../../src/report/paper/findings.js';
import { buildResults } from '../../src/study/results/build.js';
import { headlinesOf } from '../../src/study/results/headlines.js';
import { parseResults } from '../../src/study/results/parse.js';
import type { Results } from '../../src/study/results/types.js';
import { writeKnownTruthSets } from '../data/known-truth-sets.js';

const bin = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'selffer-truth-'));
const studied: Partial<Record<'renamed' | 'noise', Results>> = {};

beforeAll(() => {
  const sets = writeKnownTruthSets(folder);
  for (const source of ['renamed', 'noise'] as const) {
    studied[source] = study(source, sets[source], sets.letters);
  }
}, 3_600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function study(name: string, source: string, target: string): Results {
  const file = join(folder, `${name}.yaml`);
  const out = join(folder, `${name}-out`);
  writeFileSync(
    file,
    `name: ${name}
tasks: {A: {data: ${source}}, B: {data: ${target}}}
targets: [B]
repeats: 4
data: {mirror: false}
network: glyph28
solver: {lr: 0.004, momentum: 0.8, batch: 16, epochs: 4, lrSteps: [0.7, 0.9], testEvery: 1epoch}
treatments: [base, BnB, BnB+, AnB, AnB+, warm-restart]
layers: [1, 3, 5]
`,
  );
  execFileSync(process.execPath, [bin, 'run', file, '--out', out], { stdio: 'pipe' });
  return buildResults(parseResults(readFileSync(join(out, 'results.json'), 'utf8')));
}

const judged = (source: 'renamed' | 'noise') => {
  const results = studied[source] as Results;
  const summary = results.byTarget?.B;
  if (summary === undefined) throw new Error('results of target B are missing');
  const verdicts = Object.fromEntries(
    paperFindings(results).map(({ id, verdict }) => [id, verdict]),
  );
  return { summary, headlines: headlinesOf(summary), verdicts };
};

test('letters under other names: nothing is specific, and the other task adds nothing', () => {
  const { summary, headlines, verdicts } = judged('renamed');
  expect(headlines.drops.specificity.resolved).toEqual([]);
  for (const { n, specificityPt } of summary.decomposition) {
    expect(Math.abs(specificityPt ?? NaN), `n = ${n}`).toBeLessThan(2);
  }
  expect(headlines.gains['BnB+']?.isResolved).toBe(false);
  expect(verdicts.F11).not.toBe('supports');
});

test('noise: only the first layer is of use, and tuning what was learnt of it gains nothing', () => {
  const { headlines, verdicts } = judged('noise');
  expect(headlines.drops.specificity.resolved.map(({ n }) => n)).toEqual([3, 5]);
  expect(headlines.hurtsFrom).toBe(3);
  expect(headlines.takeoverFrom).toBe(3);
  expect(headlines.gains['BnB+']?.isResolved).toBe(false);
  expect(verdicts.F11).not.toBe('supports');
});
