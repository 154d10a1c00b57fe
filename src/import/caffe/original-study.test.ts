// The whole original study through the importer: all 170 names with made logs that have the
// published values, and, where the authors' logs are at hand, those.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { originalNetworks } from '../../../test/yosinski2014.js';
import type { FamilyResults, Results } from '../../study/results/types.js';
import type { TreatmentKind } from '../../study/treatments.js';
import { readMetrics } from '../../runs/metrics.js';
import type { ImportFile } from '../import-file.js';
import {
  gaps,
  iterationsOf,
  testsOf,
  writeOriginalLogs,
} from '../../../test/made-original-logs.js';
import { readCaffeLogs } from './read-logs.js';
import { writeImportedStudy } from './write-study.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'selffer-original-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function importOf(logs: string): Promise<{ results: Results; importFile: ImportFile }> {
  return writeImportedStudy(join(folder, 'out'), 'original', logs, await readCaffeLogs(logs));
}

const fixed = (values: readonly (number | null | undefined)[], digits: number) =>
  values.map((value) => value?.toFixed(digits) ?? null);
const line = ({ lines }: FamilyResults, treatment: TreatmentKind) =>
  fixed(
    (lines[treatment] ?? []).map((point) => point.mean),
    4,
  );

describe('the 170 names of the original study', () => {
  let results: Results;
  let importFile: ImportFile;
  beforeAll(async () => {
    const made = join(folder, 'logs');
    writeOriginalLogs(made);
    for (const name of ['half0A-old', 'plots', 'transfer0A0B_2_3']) mkdirSync(join(made, name));
    writeFileSync(join(made, 'half3B.o99'), '');
    ({ results, importFile } = await importOf(made));
  });

  it('come out as the networks they are', () => {
    const imported = new Map(results.networks.map((each) => [each.originalName, each]));
    expect(results.networks).toHaveLength(170);
    for (const { accuracy, finalAccuracy, ...rest } of originalNetworks()) {
      const network = imported.get(rest.originalName);
      expect(network).toMatchObject(rest);
      if (accuracy === null) expect(network).toMatchObject({ accuracy, finalAccuracy });
      else {
        const name = rest.originalName ?? '';
        expect(Math.abs((network?.accuracy ?? 0) - accuracy), name).toBeLessThan(1e-6);
        expect(network?.finalAccuracy, name).toBe(finalAccuracy);
      }
    }
  });

  it('have every test once, to the end of their schedules', () => {
    const logged = results.networks.filter(({ state }) => state !== 'missing');
    expect(logged).toHaveLength(148);
    for (const network of logged) {
      const path = join(folder, 'out', 'runs', network.name, 'metrics.jsonl');
      const iterations = readMetrics(path).map(({ iteration }) => iteration);
      expect(iterations, network.name).toHaveLength(testsOf(network));
      expect(iterations.at(-1), network.name).toBe(iterationsOf(network));
    }
  });

  it('come with a word on all that is lacking or not understood, and on the letters', () => {
    expect(importFile.unknown).toEqual(['half0A-old', 'half3B.o99', 'plots', 'transfer0A0B_2_3']);
    expect(importFile.damaged).toEqual([]);
    const warnings = importFile.warnings.join('\n');
    expect(warnings).toContain('transfer0A0A_1_1 (37000 to 51000)');
    expect(warnings).toContain('transfer2B2A_1_4 (none before 361000)');
    expect(warnings).toContain('transfer2B2A_1_7 (none before 371000)');
    expect(warnings.match(/\d000/g)).toHaveLength(2 * Object.keys(gaps).length - 2);
    expect(warnings).toContain('No target has both AnB+ and BnB+');
    expect(importFile.notes.join('\n')).toContain('A = natural (449 classes), B = man-made (551)');
  });

  it('give Table 1', () => {
    const column = (key: 'overBasePt' | 'overSelfferPt') =>
      fixed(
        results.table1.map((row) => row[key]),
        1,
      );
    expect(column('overBasePt')).toEqual(['1.6', '1.8', '2.1']);
    expect(column('overSelfferPt')).toEqual(['1.4', '1.4', '1.7']);
    const counts = results.table1.map((row) => [row.networks, row.selfferNetworks]);
    expect(counts).toEqual([
      [10, 10],
      [7, 8],
      [3, 5],
    ]);
  });

  it('give the lines of Figure 2', () => {
    expect(results.base.mean?.toFixed(4)).toBe('0.6251');
    expect(line(results, 'BnB')).toEqual(
      '0.6267 0.6235 0.6211 0.6048 0.5935 0.6188 0.6232'.split(' '),
    );
    expect(line(results, 'AnB')).toEqual(
      '0.6282 0.6239 0.6189 0.5998 0.5780 0.5806 0.5425'.split(' '),
    );
    expect(line(results, 'BnB+')).toEqual(
      '0.6177 0.6215 0.6313 0.6287 0.6301 0.6276 0.6266'.split(' '),
    );
    expect(line(results, 'AnB+')).toEqual(
      '0.6373 0.6358 0.6426 0.6398 0.6446 0.6460 0.6465'.split(' '),
    );
  });

  it('give the other experiments, each in its own family', () => {
    const { 'natural-man-made': natman, whole, reduced } = results.families;
    expect(Object.keys(results.families)).toEqual(['natural-man-made', 'whole', 'reduced']);
    expect(
      fixed(
        (natman?.matched.AnB ?? []).map(({ meanPt }) => meanPt),
        2,
      ),
    ).toEqual('0.29 -0.93 -3.24 -7.33 -12.95 -16.57 -25.01'.split(' '));
    expect(whole?.base.mean?.toFixed(4)).toBe('0.5763');
    expect(whole && line(whole, 'random')).toEqual(
      '0.4917 0.4026 0.0011 0.0191 0.0499 0.0145 0.0146'.split(' '),
    );
    expect(reduced?.base).toMatchObject({ networks: 12, dead: 5 });
  });
});

const reference = new URL('../../../../shared/reference/', import.meta.url).pathname;
const logs = join(reference, 'caffe-logs');

// Skipped where the folder shared/ does not stand beside the checkout: the authors' logs are not
// ours to publish.
describe.skipIf(!existsSync(logs))('the authors’ own logs (shared/reference/caffe-logs)', () => {
  it('give the published mean of the 10 best tests of each network', async () => {
    const rows = readFileSync(join(reference, 'original-results.csv'), 'utf8').trim().split('\n');
    const columns = rows[0]?.split(',') ?? [];
    const published = new Map(
      rows.slice(1).map((row) => {
        const cells = row.split(',');
        return [cells[0], cells[columns.indexOf('top10_mean_accuracy')]];
      }),
    );
    const { networks } = (await importOf(logs)).results;
    expect(networks.length).toBeGreaterThan(60);
    for (const { originalName, accuracy, state } of networks) {
      const expected = Number(published.get(originalName ?? '') || NaN);
      expect(state, originalName ?? '').toBe('done');
      expect(Math.abs((accuracy ?? NaN) - expected), originalName ?? '').toBeLessThan(1e-6);
    }
  });
});
