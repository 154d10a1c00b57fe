import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { networkFiles } from '../runs/files.js';
import { madeRecord } from '../runs/made-record.cases.js';
import { writeMetrics } from '../runs/metrics.js';
import { writeRecord } from '../runs/record.js';
import { demoPlan } from '../study/plan/demo-plan.cases.js';
import { openFolder } from '../study/store/open-folder.js';
import { renderPage } from './page.js';
import { reportData } from './report-data.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-done-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const plan = demoPlan({ layers: [2] });
const yaml = 'name: demo\ndata:\n  source: [glyphs, "<b>more</b>"]\n';

function end(name: string, ended?: string): string {
  const { identity } = plan.networks.find((each) => each.name === name)!;
  const { record, metrics } = networkFiles(directory, name);
  mkdirSync(dirname(record), { recursive: true });
  const more = ended === undefined ? {} : { ended };
  writeRecord(record, madeRecord({ name, identity, valImages: 520, ...more }));
  const line = { learningRate: 0.01, trainLoss: 1, testLoss: 1, testAccuracy: 0.5 };
  writeMetrics(metrics, [{ ...line, iteration: 26, epoch: 2 }]);
  return record;
}

test('a report begins with network, data, classes, images, training, machine and date', () => {
  openFolder(directory, plan, yaml, false);
  end('split0/baseA', '2026-03-04T23:00:00.000Z');
  const older = end('split1/baseB');
  utimesSync(older, new Date('2026-02-01T10:00:00Z'), new Date('2026-02-01T10:00:00Z'));
  const { results, provenance } = reportData(directory);
  expect(provenance.done).toEqual([
    ['network', 'glyph28: 6 weight layers, images of 28 × 28 px, grey'],
    ['data', 'glyphs, <b>more</b>'],
    ['classes', '13 in A, 13 in B'],
    ['images', '1,300 for training, 520 for tests, of each task'],
    [
      'training',
      '2 epochs (26 iterations), batch 100, SGD, rate 0.01, times 0.1 after 50 %, momentum 0.9, weight decay 0.0005, not mirrored, fp32',
    ],
    ['networks', '28 networks of 2 splits'],
    ['machine', 'here: 1, JavaScript, 1 thread'],
    ['date', '2026-02-01 to 2026-03-04'],
  ]);
  const page = renderPage(results, { drawn: [] }, provenance);
  expect(page.indexOf('<dl class="done">')).toBeLessThan(page.indexOf('<dl class="answers">'));
  expect(page).toContain('glyphs, &lt;b&gt;more&lt;/b&gt;');
});

test('what is not known is left out: nothing has ended, or a damaged study.yaml', () => {
  openFolder(directory, plan, 'a: *nowhere', false);
  const { provenance } = reportData(directory);
  expect(provenance.done?.map(([what]) => what)).toEqual([
    'network',
    'classes',
    'training',
    'networks',
  ]);
  expect(Object.fromEntries(provenance.done ?? [])['training']).toMatch(/^26 iterations, batch/);
});

test('of results.json alone it says what that does not', () => {
  writeFileSync(
    join(directory, 'results.json'),
    JSON.stringify({
      schema: 'selffer.results/1',
      study: { name: 'kept', weightLayers: 8, statistic: 'final' },
      networks: [],
    }),
  );
  const { results, provenance } = reportData(directory);
  expect(renderPage(results, { drawn: [] }, provenance)).toMatch(/8 weight layers[^]*not known/);
});

test('damaged files of single networks cost a part of their curve or their picture, not the report', () => {
  openFolder(directory, plan, yaml, false);
  end('split0/baseA');
  end('split0/baseB');
  const { metrics } = networkFiles(directory, 'split0/baseA');
  rmSync(metrics);
  mkdirSync(metrics);
  writeFileSync(networkFiles(directory, 'split0/baseB').weights, 'not weights');
  const { curves, provenance } = reportData(directory);
  expect(curves.map(({ name }) => name)).toContain('split0/baseB');
  expect(curves.map(({ name }) => name)).not.toContain('split0/baseA');
  const warnings = provenance.warnings?.join('\n');
  expect(warnings).toMatch(/curve of split0\/baseA is left out/);
  expect(warnings).toMatch(/picture of filters of split0\/baseB is left out/);
});
