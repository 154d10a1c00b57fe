// The statistics on the original data: the numbers of the paper and of its logs must come out.
import { describe, expect, it } from 'vitest';
import { originalNetworks, originalStudy } from '../../../test/yosinski2014.js';
import { buildResults } from './build.js';
import type { TreatmentKind } from '../treatments.js';

const networks = originalNetworks();
const results = buildResults({ study: originalStudy, networks });
const fixed = (values: (number | null | undefined)[], digits: number) =>
  values.map((value) => value?.toFixed(digits) ?? null);
const line = (treatment: TreatmentKind) =>
  fixed(
    (results.lines[treatment] ?? []).map((point) => point.mean),
    4,
  );
const matched = (treatment: TreatmentKind) =>
  fixed(
    (results.matched[treatment] ?? []).map((point) => point.meanPt),
    2,
  );

describe('the original study of 2014', () => {
  it('has the networks that were published', () => {
    expect(results.networks).toHaveLength(170);
    expect(results.networks.filter((network) => network.state === 'missing')).toHaveLength(22);
    expect(results.study.family).toBe('random-halves');
  });

  it('gives Table 1', () => {
    expect(results.table1.map((row) => row.layers)).toEqual(['1-7', '3-7', '5-7']);
    const column = (key: 'overBasePt' | 'overSelfferPt') =>
      fixed(
        results.table1.map((row) => row[key]),
        2,
      );
    expect(column('overBasePt')).toEqual(['1.60', '1.80', '2.06']);
    expect(column('overSelfferPt')).toEqual(['1.38', '1.40', '1.73']);
    expect(results.table1.map((row) => [row.networks, row.selfferNetworks])).toEqual([
      [10, 10],
      [7, 8],
      [3, 5],
    ]);
  });

  it('shows that matching by target takes the gain over the selffer away', () => {
    const rows = results.table1;
    expect(rows.map((row) => row.matchedOverBasePt?.toFixed(2))).toEqual(['0.97', '1.17', '1.16']);
    const selffer = rows.map((row) =>
      ((row.matchedOverBasePt ?? NaN) - (row.matchedOverSelfferPt ?? NaN)).toFixed(2),
    );
    expect(selffer).toEqual(['0.97', '1.10', '1.01']);
    // AnB+ and BnB+ have no target in common, so nothing can be paired.
    expect(rows.every((row) => row.matchedOverSelfferLowPt === null)).toBe(true);
    expect(rows.every((row) => row.matchedOverWarmRestartPt === null)).toBe(true);
  });

  it('gives the lines of Figure 2', () => {
    expect(results.base.mean?.toFixed(4)).toBe('0.6251');
    expect(results.base.networks).toBe(8);
    // The two halves of a split share out all classes: what makes one hard makes the other easy.
    expect(50 * ((results.base.high ?? 0) - (results.base.low ?? 0))).toBeCloseTo(0.164, 3);
    expect(line('BnB')).toEqual('0.6267 0.6235 0.6211 0.6048 0.5935 0.6188 0.6232'.split(' '));
    expect(line('AnB')).toEqual('0.6282 0.6239 0.6189 0.5998 0.5780 0.5806 0.5425'.split(' '));
    expect(line('BnB+')).toEqual('0.6177 0.6215 0.6313 0.6287 0.6301 0.6276 0.6266'.split(' '));
    expect(line('AnB+')).toEqual('0.6373 0.6358 0.6426 0.6398 0.6446 0.6460 0.6465'.split(' '));
    expect(results.lines['AnB+']?.map((point) => point.networks)).toEqual([1, 2, 2, 2, 1, 1, 1]);
    expect(results.lines.AnB?.every((point) => point.networks === 8)).toBe(true);
  });

  it('gives the matched differences', () => {
    expect(matched('BnB')).toEqual('0.35 0.03 -0.21 -1.85 -2.97 -0.45 0.00'.split(' '));
    expect(matched('AnB')).toEqual('0.31 -0.12 -0.62 -2.53 -4.71 -4.45 -8.26'.split(' '));
    expect(matched('BnB+')).toEqual('0.26 0.64 1.21 1.36 1.10 0.85 1.15'.split(' '));
    expect(matched('AnB+')).toEqual('0.32 0.63 1.30 1.03 1.05 1.20 1.24'.split(' '));
    // Means of the two targets of each split: -8.180, -8.542, -8.225, -8.098 over their bases, with
    // standard deviation 0.1946: half width 3.1824 x 0.1946 / sqrt(4) = 0.3096.
    const last = results.matched.AnB?.at(-1);
    expect(((last?.highPt ?? 0) - (last?.lowPt ?? 0)) / 2).toBeCloseTo(0.3096, 3);
    expect(results.matched['AnB+']?.every((point) => point.lowPt === null)).toBe(true);
  });

  it('decomposes the drop on the targets that have a selffer', () => {
    const drops = results.decomposition.slice(2);
    const expected = [
      [0.21, 0.14],
      [1.85, 0.62],
      [2.97, 1.68],
      [0.45, 3.9],
      [0, 8.24],
    ] as const;
    for (const [i, [coadaptation, specificity]] of expected.entries()) {
      expect(Math.abs((drops[i]?.coadaptationPt ?? NaN) - coadaptation)).toBeLessThan(0.006);
      expect(Math.abs((drops[i]?.specificityPt ?? NaN) - specificity)).toBeLessThan(0.006);
    }
    expect(results.decomposition.every((point) => point.pairs === 4)).toBe(true);
  });

  it('keeps the other families apart', () => {
    expect(Object.keys(results.families)).toEqual(['natural-man-made', 'whole', 'reduced']);
    const natman = results.families['natural-man-made'];
    expect(natman?.base.mean?.toFixed(4)).toBe('0.5953');
    expect(natman?.matched.AnB?.map((point) => point.meanPt?.toFixed(2))).toEqual(
      '0.29 -0.93 -3.24 -7.33 -12.95 -16.57 -25.01'.split(' '),
    );
    expect(natman?.matched.AnB?.every((point) => point.lowPt === null)).toBe(true);
    expect(natman?.decomposition).toEqual([]);
  });

  it('shows dead random networks as they are', () => {
    const random = results.families.whole?.matched.random;
    expect(random?.map((point) => point.meanPt?.toFixed(2))).toEqual(
      '-8.46 -17.37 -57.52 -55.73 -52.64 -56.18 -56.17'.split(' '),
    );
    expect(results.families.whole?.lines.random?.map((point) => point.dead)).toEqual([
      0, 0, 1, 0, 0, 0, 0,
    ]);
  });
});
