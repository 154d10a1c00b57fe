import { describe, expect, it } from 'vitest';
import { makeNetworks } from '../../../test/made-study.js';
import { originalNetworks, originalStudy } from '../../../test/yosinski2014.js';
import { buildResults } from '../../study/results/build.js';
import type { NetworkResult } from '../../study/results/types.js';
import { all, any, isAbove, isBelow, isLoss, isNoLoss, isNone } from './finding.js';
import { paperFindings } from './findings.js';
import { gainEverywhere, lossSomewhere, noLossAnywhere } from './joint.js';
import { isEarly, isLate, isMiddle } from './layers.js';
import { findingMarkdown, noiseSentence, powerSentence } from './tables.js';

const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;
const build = (networks: readonly NetworkResult[]) => buildResults({ study, networks });
const original = buildResults({ study: originalStudy, networks: originalNetworks() });
const verdictsOf = (results: typeof original) =>
  Object.fromEntries(paperFindings(results).map(({ id, verdict }) => [id, verdict]));

describe('verdicts on the original study', () => {
  it('are those of its released logs: what rests on few networks stays undecided', () => {
    expect(verdictsOf(original)).toEqual({
      F1: 'supports',
      F2: 'undecided',
      F3: 'supports',
      F4: 'supports',
      F5: 'supports',
      F6: 'undecided',
      F7: 'supports',
      F8: 'supports',
      F9: 'supports',
      F10: 'undecided',
      F11: 'undecided',
      F12: 'supports',
      F13: 'supports',
      F14: 'supports',
      F15: 'supports',
      F16: 'undecided',
    });
  });

  it('carry the numbers: the gap of AnB+ over BnB+ is pooled only', () => {
    const evidence = (id: string) =>
      paperFindings(original).find((each) => each.id === id)?.evidence;
    expect(evidence('F11')).toBe(
      'Pooled as the paper did it: +1.4 Pt. No target has both, so nothing can be paired: the bases of the AnB+ targets average 0.631, those of BnB+ 0.618. Over their own bases AnB+ gains +1.0 and BnB+ +1.0 Pt.',
    );
    expect(evidence('F6')).toContain('10 of 10 networks lie above their own base.');
    expect(evidence('F10')).toContain('10 of 10 networks lie above their own base.');
    // One network: what its verdict rests on is shown.
    expect(evidence('F14')).toMatch(/n = 1: −8.5 \[.*\] Pt.*test images and training noise/);
    expect(evidence('F5')).toBe('n = 7: 0.0 [\u22120.1, +0.1] Pt');
    expect(evidence('F16')).toContain('scaled to 30 % more: +1.1 [');
  });
});

describe('verdicts on made studies', () => {
  const flat = { base: 0.6, BnB: 0.6, 'BnB+': 0.6, AnB: 0.6, 'AnB+': 0.6 };
  const make = (effects: Readonly<Record<string, (n: number) => number>>) =>
    build(
      makeNetworks({
        weightLayers: 6,
        splits: 4,
        // A little scatter between clusters, so that intervals have a width.
        accuracy: ({ treatment, n, split, target }) =>
          (effects[treatment]?.(n) ?? flat[treatment as keyof typeof flat] ?? 0.6) +
          (treatment === 'base'
            ? 0
            : 0.002 * Math.sin(n + 3 * Number(split.slice(5)) + (target === 'A' ? 1 : 0))),
      }),
    );

  it('call a dip, a fall and a boost that are not there too small to count, not contradicted', () => {
    const verdicts = verdictsOf(make({}));
    expect(verdicts).toMatchObject({ F3: 'supports', F4: 'negligible', F5: 'supports' });
    expect(verdicts).toMatchObject({ F7: 'supports', F8: 'negligible', F6: 'supports' });
    expect(verdicts).toMatchObject({ F9: 'negligible', F10: 'negligible', F11: 'negligible' });
    expect(verdicts).toMatchObject({
      F1: 'not-measured',
      F12: 'not-measured',
      F16: 'not-measured',
    });
  });

  it('support a dip in the middle, a fall at the end, and a boost', () => {
    const verdicts = verdictsOf(
      make({
        BnB: (n) => (n === 3 ? 0.57 : 0.6),
        AnB: (n) => (n === 3 ? 0.565 : n > 3 ? 0.62 - 0.02 * n : 0.6),
        'AnB+': () => 0.62,
      }),
    );
    expect(verdicts).toMatchObject({ F4: 'supports', F8: 'supports', F9: 'supports' });
    expect(verdicts).toMatchObject({ F10: 'supports', F11: 'supports' });
  });

  it('contradict a boost by one n that is resolved below the base, and by all n together', () => {
    const bad = (n: number) => (n === 4 ? 0.595 : 0.62);
    expect(verdictsOf(make({ 'AnB+': bad }))['F10']).toBe('contradicts');
    expect(verdictsOf(make({ 'AnB+': () => 0.59 }))).toMatchObject({
      F10: 'contradicts',
      F11: 'contradicts',
    });
  });

  it('support a boost of the paper\u2019s size, which is about 1 Pt and 0.3 at first', () => {
    // What the audit of 0.1.0 found to be called contradicted: one n whose gain is below 1 Pt.
    const gain = [0, 0.003, 0.007, 0.012, 0.011, 0.013];
    const verdicts = verdictsOf(make({ 'AnB+': (n) => 0.6 + (gain[n] ?? 0) }));
    expect(verdicts['F10']).toBe('supports');
  });

  it('leave what the base is needed for undecided if a second training gains by itself', () => {
    const dip = (n: number) => (n === 3 ? 0.61 : 0.64);
    const effects = { BnB: dip, AnB: (n: number) => dip(n) - 0.01 * n, 'BnB+': () => 0.64 };
    const trained = make({ ...effects, 'warm-restart': () => 0.6 });
    expect(verdictsOf(trained)).toMatchObject({ F3: 'supports', F4: 'contradicts' });
    const results = make({ ...effects, 'warm-restart': () => 0.64 });
    const open = { F3: 'undecided', F4: 'undecided', F5: 'undecided', F6: 'undecided' };
    expect(verdictsOf(results)).toMatchObject({ ...open, F7: 'undecided', F9: 'undecided' });
    const evidence = paperFindings(results).find(({ id }) => id === 'F6')?.evidence;
    expect(evidence).not.toContain('..');
    expect(evidence).toMatch(/not trained to their end: longer training alone .* gains \+4\.0 \[/);
  });

  it('rest on networks that learnt alone', () => {
    const effects = { AnB: (n: number) => 0.62 - 0.02 * n };
    const results = make(effects);
    expect(verdictsOf(results)['F8']).toBe('supports');
    const lost = results.networks.map((network) =>
      network.treatment === 'AnB' && network.n === 5
        ? { ...network, accuracy: 0.9, notLearnt: true as const }
        : network,
    );
    expect(paperFindings(build(lost)).find(({ id }) => id === 'F8')).toMatchObject({
      verdict: 'not-measured',
      evidence: expect.not.stringContaining('n = 5'),
    });
  });

  it('name the n that stand for the paper\u2019s', () => {
    const statement = (id: string, results: typeof original) =>
      paperFindings(results).find((each) => each.id === id)?.statement;
    expect(statement('F3', make({}))).toContain('(n = 1; in the paper n = 1, 2)');
    expect(statement('F7', make({}))).toContain('(n = 1; in the paper n = 1, 2)');
    expect(statement('F3', original)).toContain('(n = 1, 2)');
    expect(statement('F9', make({}))).toContain('(n = 4, 5; in the paper n = 6, 7)');
    expect(statement('F4', original)).toContain('(n = 3 to 6)');
  });

  it('print no p in F10 and F11', () => {
    const findings = paperFindings(make({ 'AnB+': () => 0.62 }));
    const text = findings.map(({ evidence }) => evidence).join(' ');
    expect(text).toContain('n = 1\u20135: +');
    expect(text).not.toMatch(/\bp [=<]/);
  });

  it('contradict "most at the last" if an earlier layer loses more', () => {
    const verdicts = verdictsOf(make({ AnB: (n) => (n === 3 ? 0.4 : n > 3 ? 0.55 : 0.6) }));
    expect(verdicts['F8']).toBe('contradicts');
  });

  it('leave "most at the last" open if an earlier mean is lower, by less than can be told', () => {
    const uneven = (n: number, split: string) =>
      n === 3 ? 0.49 + 0.02 * Number(split.slice(5)) : 0.53;
    const verdicts = verdictsOf(
      build(
        makeNetworks({
          weightLayers: 6,
          splits: 4,
          accuracy: ({ treatment, n, split, target }) =>
            treatment === 'AnB' ? uneven(n, split) + (target === 'A' ? 0.001 : 0) : 0.6,
        }),
      ),
    );
    expect(verdicts['F8']).toBe('undecided');
  });

  it('judge accuracies of ImageNet alone, known by its classes and test images', () => {
    const verdict = (classes: number, testImages: number) =>
      verdictsOf(
        build(
          makeNetworks({
            weightLayers: 6,
            splits: 2,
            treatments: ['base'],
            accuracy: ({ target }) => (target === 'A' ? 0.624 : 0.626),
          }).map((network) => ({ ...network, classes, testImages })),
        ),
      )['F1'];
    expect(verdict(500, 25_000)).toBe('supports');
    expect(verdict(500, 20_000)).toBe('not-measured');
    expect(verdict(20, 1000)).toBe('not-measured');
  });

  it('take chance into account for random features: dead ones failed, others need the number of classes', () => {
    const random = (accuracy: number, more: object) =>
      verdictsOf(
        build(
          makeNetworks({
            weightLayers: 6,
            splits: 2,
            treatments: ['base', 'random'],
            accuracy: ({ treatment, n }) =>
              treatment === 'base' ? 0.8 : n > 1 ? accuracy : 0.6 + 0.001 * n,
          }).map((network) => (network.n > 1 ? { ...network, ...more } : network)),
        ),
      )['F14'];
    expect(random(0.1, { state: 'dead' })).toBe('supports');
    expect(random(0.12, { classes: 10 })).toBe('supports');
    expect(random(0.4, { classes: 10 })).toBe('contradicts');
    expect(random(0.4, {})).toBe('undecided');
  });

  it('decide nothing from means alone', () => {
    const networks = makeNetworks({ weightLayers: 6, splits: 1 });
    const verdicts = Object.values(verdictsOf(build(networks)));
    expect(new Set(verdicts)).toEqual(new Set(['undecided', 'not-measured']));
  });
});

describe('rules', () => {
  const range = (lowPt: number | null, highPt: number | null) => ({
    meanPt: lowPt === null || highPt === null ? 0 : (lowPt + highPt) / 2,
    lowPt,
    highPt,
  });

  it('rest on the interval', () => {
    const ranges = [range(-3, -1), range(0.5, 2), range(-0.5, 0.9), range(-2, 0.1)];
    expect(ranges.map(isBelow)).toEqual(['supports', 'contradicts', 'negligible', 'undecided']);
    const mirrored = ranges.map(({ lowPt, highPt }) => range(-(highPt ?? 0), -(lowPt ?? 0)));
    expect(mirrored.map(isAbove)).toEqual(ranges.map(isBelow));
    expect(isBelow(range(null, null))).toBe('undecided');
    const losses = [range(-2, -0.1), range(-1.5, -0.1), range(-0.9, -0.1), range(0.1, 0.2)];
    expect(losses.map(isLoss)).toEqual(['supports', 'undecided', 'negligible', 'contradicts']);
    expect([range(-0.9, 0.9), range(1.1, 2), range(-2, -1.1), range(0.5, 2)].map(isNone)).toEqual([
      'supports',
      'contradicts',
      'contradicts',
      'undecided',
    ]);
    const noLosses = [range(-0.9, 2), range(-2, -1.1), range(-2, -0.1), range(-1.5, -0.1)];
    expect(noLosses.map(isNoLoss)).toEqual(['supports', 'contradicts', 'undecided', 'undecided']);
  });

  it('correct claims about several n for their number', () => {
    const tested = (low: number, high: number) => ({ ...range(low, high), units: 3 });
    // t with 2 degrees of freedom, quantile 4.303: two-sided p = 0.044 against 0, and against -1.
    const [loss, large] = [tested(-3, -0.1), tested(-4, -1.1)];
    const none = tested(-0.8, 0.9);
    expect(lossSomewhere([loss])).toBe('supports');
    expect(noLossAnywhere([loss])).toBe('undecided');
    expect(noLossAnywhere([large])).toBe('contradicts');
    // Twice 0.044 is above 0.05.
    expect(noLossAnywhere([large, none])).toBe('undecided');
    expect(lossSomewhere([loss, none])).toBe('undecided');
    expect(lossSomewhere([none, none])).toBe('negligible');
    expect(noLossAnywhere([none, none])).toBe('supports');
    expect(gainEverywhere(range(0.1, 2), [none, loss])).toBe('undecided');
    // p = 0.016.
    expect(gainEverywhere(range(0.1, 2), [none, tested(-2.4, -0.7)])).toBe('contradicts');
    expect(noLossAnywhere([tested(-3.4, -1.7), none])).toBe('contradicts');
    expect(gainEverywhere(range(0.1, 2), [none, none])).toBe('supports');
    expect([noLossAnywhere([]), lossSomewhere([]), gainEverywhere(undefined, [])]).toEqual(
      Array(3).fill('not-measured'),
    );
  });

  it('combine: all must hold, any suffices', () => {
    expect(all(['supports', 'undecided'])).toBe('undecided');
    expect(all(['supports', 'undecided', 'contradicts'])).toBe('contradicts');
    expect(any(['contradicts', 'supports'])).toBe('supports');
    expect(any(['contradicts', 'undecided'])).toBe('undecided');
    expect(any(['contradicts', 'negligible'])).toBe('negligible');
    expect(any(['contradicts', 'contradicts'])).toBe('contradicts');
    expect(all(['supports', 'negligible'])).toBe('negligible');
    expect([all([]), any([])]).toEqual(['not-measured', 'not-measured']);
  });

  it('find the paper\u2019s places in its own network and in a shorter one', () => {
    const places = (weightLayers: number) =>
      Array.from({ length: weightLayers - 1 }, (_, i) => i + 1).map((n) =>
        isEarly(n, weightLayers) ? 'early' : isLate(n, weightLayers) ? 'late' : 'middle',
      );
    expect(places(8)).toEqual(['early', 'early', 'middle', 'middle', 'middle', 'late', 'late']);
    expect(places(6)).toEqual(['early', 'middle', 'middle', 'late', 'late']);
    expect(isMiddle(4, 8)).toBe(true);
  });
});

describe('words', () => {
  it('say what the study can resolve and where its scatter comes from', () => {
    expect(powerSentence(original)).toMatch(
      /AnB \u2212 base 0\.2 Pt.*with fewer than 3 independent values: AnB\+ \u2212 base/,
    );
    expect(powerSentence(build([]))).toContain('cannot resolve differences');
    expect(noiseSentence(original)).toContain('standard error of 0.3 Pt');
    expect(noiseSentence(original)).toContain('that takes repeats');
    const repeated = build(makeNetworks({ weightLayers: 6, splits: 2, repeats: 2 }));
    expect(noiseSentence(repeated)).toMatch(/networks repeated/);
  });

  it('make a Markdown table of sixteen rows', () => {
    const text = findingMarkdown(original, paperFindings(original));
    expect(text.match(/^\| F[0-9]+ \|/gm)).toHaveLength(16);
  });
});
