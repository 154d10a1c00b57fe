import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeNetworks } from '../../../test/made-study.js';
import { tInterval } from '../../stats/interval.js';
import { buildResults } from './build.js';
import { formatCsv } from './csv.js';
import { formatResults } from './json.js';
import { parseResults } from './parse.js';
import type { NetworkResult } from './types.js';

const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;
const build = (networks: readonly NetworkResult[]) => buildResults({ study, networks });
const change = (
  networks: readonly NetworkResult[],
  pattern: RegExp,
  changed: Partial<NetworkResult>,
) => networks.map((each) => (pattern.test(each.name) ? { ...each, ...changed } : each));

describe('results table', () => {
  const networks = makeNetworks({ weightLayers: 6, splits: 2 });
  const results = build(networks);

  it('is the same text for any order of the networks', () => {
    const text = formatResults(results);
    const shuffled = fc.shuffledSubarray(networks, { minLength: networks.length });
    fc.assert(
      fc.property(shuffled, (order) => {
        expect(formatResults(build(order))).toBe(text);
      }),
      { numRuns: 20 },
    );
    expect(parseResults(text).networks).toEqual(results.networks);
  });

  it('orders n and splits by number', () => {
    const many = makeNetworks({ weightLayers: 12, splits: 11, treatments: ['base', 'AnB'] });
    const names = build(many).networks.map((network) => network.name);
    expect(names.slice(0, 3)).toEqual(['split0/baseA', 'split0/B1A', 'split0/B2A']);
    expect(names.indexOf('split0/B2A')).toBeLessThan(names.indexOf('split0/B10A'));
    expect(names.at(-1)).toBe('split10/A11B');
  });

  it('matches each network with the mean base of its own split and target', () => {
    // Bases differ by task, every other network is 10 points above its own base except split0/A2B+.
    const offset = ({ split, target }: NetworkResult) =>
      0.5 + 0.1 * Number(split.slice(5)) + (target === 'A' ? 0.03 : 0);
    const accuracy = (network: NetworkResult) =>
      offset(network) +
      (network.treatment === 'base' ? 0 : network.name === 'split0/A2B+' ? 0.18 : 0.1);
    const { matched, lines, base } = build(makeNetworks({ weightLayers: 6, splits: 2, accuracy }));
    expect(base.mean).toBeCloseTo(0.565, 12);
    expect(matched['AnB+']?.[0]).toMatchObject({ n: 1, meanPt: 10, networks: 4 });
    expect(matched['AnB+']?.[1]?.meanPt).toBe(12);
    const interval = tInterval([18, 10, 10, 10]);
    expect(matched['AnB+']?.[1]?.lowPt).toBeCloseTo(interval?.low ?? NaN, 9);
    expect(matched['AnB+']?.[1]?.highPt).toBeCloseTo(interval?.high ?? NaN, 9);
    expect(lines['AnB+']?.[1]?.mean).toBeCloseTo(0.685, 12);
    expect(matched['warm-restart']).toMatchObject([{ n: 6, meanPt: 10, networks: 4 }]);
  });

  it('speaks of the targets alone: a base that is only copied from is none of the mean bases', () => {
    const accuracy = ({ treatment, target }: NetworkResult) =>
      treatment === 'base' ? (target === 'A' ? 0.9 : 0.5) : 0.6;
    const both = makeNetworks({ weightLayers: 6, splits: 2, accuracy });
    const onlyB = both.filter(({ target, treatment }) => target === 'B' || treatment === 'base');
    const { base, table1 } = build(onlyB);
    expect(base).toMatchObject({ mean: 0.5, networks: 2 });
    expect(table1[0]?.overBasePt).toBeCloseTo(10, 9);
    // Bases alone are their own subject.
    expect(build(onlyB.filter(({ treatment }) => treatment === 'base')).base.networks).toBe(4);
  });

  it('takes the mean of the bases of all repeats', () => {
    const accuracy = ({ treatment, repeat }: NetworkResult) =>
      treatment === 'base' ? [0.4, 0.5, 0.6][repeat]! : 0.7;
    const made = makeNetworks({ weightLayers: 6, splits: 1, repeats: 3, accuracy });
    const { matched, decomposition } = build(made);
    // Six networks of two targets are two independent values, too few for an interval.
    expect(matched.AnB?.[0]).toMatchObject({ meanPt: 20, lowPt: null, networks: 6, units: 2 });
    expect(decomposition[0]).toMatchObject({ coadaptationPt: -20, specificityPt: 0, pairs: 2 });
    expect(decomposition[0]).toMatchObject({ units: 2, specificityLowPt: null });
  });

  it('decomposes only pairs that have base, BnB and AnB', () => {
    const accuracy = ({ treatment, target }: NetworkResult) =>
      ({ BnB: 0.58, AnB: target === 'A' ? 0.5 : 0.4 })[treatment as string] ?? 0.6;
    const made = makeNetworks({ weightLayers: 6, splits: 1, accuracy });
    expect(build(made).decomposition[0]).toMatchObject({
      coadaptationPt: 2,
      coadaptationLowPt: null,
      specificityPt: 13,
      pairs: 2,
    });
    const without = change(made, /B1B$/, { state: 'running', accuracy: null });
    const drops = build(without).decomposition;
    expect(drops[0]).toMatchObject({ coadaptationPt: 2, specificityPt: 8, pairs: 1 });
    expect(drops[1]).toMatchObject({ specificityPt: 13, pairs: 2 });
  });

  it('pools Table 1 over networks and cuts its rows to the layers there are', () => {
    expect(results.table1.map((row) => row.layers)).toEqual(['1-5', '3-5', '5-5']);
    expect(results.table1.map((row) => row.networks)).toEqual([20, 12, 4]);
    const four = buildResults({
      study: { ...study, weightLayers: 4 },
      networks: makeNetworks({ weightLayers: 4, splits: 1 }),
    });
    expect(four.table1.map((row) => row.layers)).toEqual(['1-3', '3-3']);
    expect(results.table1[0]?.matchedOverWarmRestartPt).toBeLessThan(0);
    expect(results.table1[0]?.matchedOverWarmRestartLowPt).not.toBeNull();
  });

  it('leaves dead networks out and counts them, except random ones', () => {
    const dead = { state: 'dead', accuracy: 0.02, finalAccuracy: 0.02 } as const;
    const changed = build(change(networks, /split0\/(A3B|R3B)$/, dead));
    const at3 = <T extends { n: number }>(points: readonly T[] | undefined) =>
      points?.find((point) => point.n === 3);
    expect(at3(changed.lines.AnB)).toMatchObject({ networks: 3, dead: 1 });
    expect(at3(changed.matched.AnB)?.networks).toBe(3);
    expect(at3(changed.lines.random)).toMatchObject({ networks: 4, dead: 1 });
    expect(at3(changed.lines.random)?.mean).toBeLessThan(at3(results.lines.random)!.mean!);
  });

  it('says null, never 0, for what is not known', () => {
    const waiting = build(networks.map((each) => ({ ...each, state: 'waiting', accuracy: null })));
    expect(waiting.base).toEqual({ mean: null, low: null, high: null, networks: 0, dead: 0 });
    expect(waiting.lines.BnB).toHaveLength(5);
    expect(waiting.lines.BnB?.[0]?.mean).toBeNull();
    expect(waiting.matched.BnB?.[0]).toEqual({
      n: 1,
      meanPt: null,
      lowPt: null,
      highPt: null,
      networks: 0,
      units: 0,
    });
    expect(waiting.table1[0]?.overBasePt).toBeNull();
    const deadBases = build(change(networks, /base/, { state: 'dead' }));
    expect(deadBases.base).toMatchObject({ mean: null, networks: 0, dead: 4 });
    expect(deadBases.matched.AnB?.[0]?.meanPt).toBeNull();
    expect(deadBases.lines.AnB?.[0]?.networks).toBe(4);
  });

  it('of no networks at all is still a table', () => {
    const empty = build([]);
    expect(empty.study.family).toBeNull();
    expect(empty.networks).toEqual([]);
    expect(buildResults(parseResults(formatResults(empty)))).toEqual(empty);
  });

  it('never pools families', () => {
    const whole = networks
      .filter((network) => network.split === 'split0')
      .map((network) => ({ ...network, family: 'natural-man-made', split: 'nm' }) as const);
    const both = build([...whole, ...networks]);
    expect(both.base).toEqual(results.base);
    expect(both.lines).toEqual(results.lines);
    expect(both.families['natural-man-made']?.base.networks).toBe(2);
    expect(build(whole).study.family).toBe('natural-man-made');
  });
});

describe('CSV', () => {
  it('never takes the base of another family', () => {
    const halves = makeNetworks({ weightLayers: 6, splits: 1, treatments: ['base', 'AnB+'] });
    const others = halves.map((each) => ({
      ...each,
      family: 'classes' as const,
      accuracy: each.treatment === 'base' ? 0.1 : each.accuracy,
    }));
    const both = build([...halves, ...others]);
    const alone = build(halves);
    const first = (text: string) => text.split('\r\n').slice(0, 1 + halves.length);
    expect(first(formatCsv(both))).toEqual(first(formatCsv(alone)));
  });

  it('has one row a network, CR LF, quotes where needed, empty cells for unknown', () => {
    const networks = makeNetworks({ weightLayers: 6, splits: 1, treatments: ['base', 'AnB+'] });
    const named = change(networks, /baseA/, { originalName: 'a "b", c', finalAccuracy: null });
    const lines = formatCsv(build(named)).split('\r\n');
    expect(lines).toHaveLength(1 + 12 + 1);
    expect(lines[0]).toBe(
      'name,family,split,repeat,treatment,source,target,n,state,accuracy,finalAccuracy,overBasePt,originalName,imagesPerClass,testImages,classes',
    );
    const base = lines[1] ?? '';
    expect(base).toMatch(
      /^split0\/baseA,random-halves,split0,0,base,,A,0,done,[\d.]+,,0,"a ""b"", c",\d*,\d*,\d*$/,
    );
  });
});
