// The whole original study through the importer: all 170 names with made logs that have the published values, and, where the
// authors' logs are at hand, those.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { originalNetworks } from '../../../test/yosinski2014.js';
import type { FamilyResults, Results, Treatment } from '../../study/results/types.js';
import { crashedStart, logText } from './made-logs.cases.js';
import { readCaffeLogs } from './read-logs.js';
import { writeImportedStudy } from './write-study.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'selffer-original-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function importOf(logs: string): Promise<Results> {
  return writeImportedStudy(join(folder, 'out'), 'original', logs, await readCaffeLogs(logs))
    .results;
}

/** One log a network: two low tests, then ten whose mean is the published top10 and whose last is the published last one. */
function writeLogs(logs: string): void {
  for (const [index, network] of originalNetworks().entries()) {
    const { originalName, accuracy, finalAccuracy, state } = network;
    const directory = join(logs, originalName ?? '');
    mkdirSync(directory, { recursive: true });
    if (accuracy === null || finalAccuracy === null) {
      if (index % 2 === 0) writeFileSync(join(directory, '140507_1_x.o1'), crashedStart);
      continue;
    }
    const others = (10 * accuracy - finalAccuracy) / 9;
    const accuracies = [0, 0.0001, ...Array.from({ length: 9 }, () => others), finalAccuracy];
    const trainLoss = state === 'dead' ? 6.9078 : 1.5;
    const tests = accuracies.map((each, i) => ({
      iteration: 1000 * (i + 1),
      accuracy: each,
      trainLoss,
    }));
    const text = logText(tests);
    writeFileSync(join(directory, '140403_1_x.o1.gz'), index % 2 === 0 ? text : gzipSync(text));
  }
}

const fixed = (values: readonly (number | null | undefined)[], digits: number) =>
  values.map((value) => value?.toFixed(digits) ?? null);
const line = ({ lines }: FamilyResults, treatment: Treatment) =>
  fixed(
    (lines[treatment] ?? []).map((point) => point.mean),
    4,
  );

describe('the 170 names of the original study', () => {
  let results: Results;
  beforeAll(async () => {
    writeLogs(join(folder, 'logs'));
    results = await importOf(join(folder, 'logs'));
  });

  it('come out as the networks they are', () => {
    const imported = new Map(results.networks.map((each) => [each.originalName, each]));
    expect(results.networks).toHaveLength(170);
    for (const { accuracy, finalAccuracy, ...rest } of originalNetworks()) {
      const network = imported.get(rest.originalName);
      expect(network).toMatchObject(rest);
      if (accuracy === null) expect(network).toMatchObject({ accuracy, finalAccuracy });
      else {
        expect(Math.abs((network?.accuracy ?? 0) - accuracy)).toBeLessThan(1e-9);
        expect(network?.finalAccuracy).toBe(finalAccuracy);
      }
    }
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

// Skipped where the folder shared/ does not stand beside the checkout: the authors' logs are not ours to publish.
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
    const { networks } = await importOf(logs);
    expect(networks.length).toBeGreaterThan(60);
    for (const { originalName, accuracy, state } of networks) {
      const expected = Number(published.get(originalName ?? '') || NaN);
      expect(state, originalName ?? '').toBe('done');
      expect(Math.abs((accuracy ?? NaN) - expected), originalName ?? '').toBeLessThan(1e-6);
    }
  });
});
