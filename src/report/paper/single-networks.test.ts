// Findings that rest on single networks: how much another training would change is part of them.
import { describe, expect, it } from 'vitest';
import { makeNetworks } from '../../../test/made-study.js';
import { buildResults } from '../../study/results/build.js';
import type { NetworkResult } from '../../study/results/types.js';
import { paperFindings } from './findings.js';
import { trainingNoiseOf } from '../../study/results/training-noise.js';
import { sampledDifference } from './sampling.js';

const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;
const build = (networks: readonly NetworkResult[]) => buildResults({ study, networks });
const findingOf = (id: string, networks: readonly NetworkResult[]) =>
  paperFindings(build(networks)).find((each) => each.id === id);

const [blank] = makeNetworks({ weightLayers: 6, splits: 1, treatments: ['base'] });
const network = (more: Partial<NetworkResult>) =>
  ({ ...blank!, testImages: 10_000, classes: 20, ...more }) as NetworkResult & { accuracy: number };
// Four repeats of a base, standard deviation 1 Pt.
const repeats = [0.49, 0.5, 0.5, 0.51].map((accuracy, repeat) =>
  network({ name: `split9-r${repeat}/baseA`, split: 'split9', repeat, accuracy }),
);
const base = (target: string, accuracy: number) =>
  network({
    family: 'natural-man-made',
    split: 'natman',
    name: `natman/base${target}`,
    target,
    accuracy,
  });

describe('training noise', () => {
  it('comes from repeats, else from the bases of random halves, else it is not known', () => {
    const sdPt = Math.sqrt(2 / 3);
    expect(trainingNoiseOf(build(repeats))).toEqual({ sdPt: expect.closeTo(sdPt, 9), degrees: 1 });
    const halves = [0.5, 0.51, 0.52].map((accuracy, i) =>
      network({ split: `split${i}`, name: `split${i}/baseA`, accuracy }),
    );
    expect(trainingNoiseOf(build(halves))).toEqual({ sdPt: expect.closeTo(1, 9), degrees: 2 });
    expect(trainingNoiseOf(build(halves.slice(1)))).toBeNull();
  });

  it('is part of the interval: normal without it, t with it', () => {
    const sides = [[network({ accuracy: 0.5 })], [network({ accuracy: 0.4 })]] as const;
    const images = (1e4 * (0.5 * 0.5 + 0.4 * 0.6)) / 10_000;
    const pairs = new Map<string, number>();
    const alone = sampledDifference(sides[0], sides[1], { noise: null, pairs });
    expect(alone.highPt! - alone.meanPt!).toBeCloseTo(1.96 * Math.sqrt(images), 9);
    expect(alone.hasTrainingNoise).toBe(false);
    const scatter = { noise: { sdPt: 2, degrees: 3 }, pairs };
    const both = sampledDifference(sides[0], sides[1], scatter);
    // t_{0.975, 3} = 3.18245; a training on each side.
    expect(both.highPt! - both.meanPt!).toBeCloseTo(3.18245 * Math.sqrt(images + 8), 3);
    const more = sampledDifference([...sides[0], ...sides[0]], 0.4, scatter);
    expect(more.highPt! - more.meanPt!).toBeCloseTo(3.18245 * Math.sqrt(25e2 / 1e4 + 2), 3);
  });
});

describe('single networks', () => {
  it('decide nothing where training noise is not known', () => {
    // Ten standard errors of the test images apart.
    const natural = [base('A', 0.4), base('B', 0.47)];
    expect(findingOf('F13', natural)).toMatchObject({
      verdict: 'undecided',
      evidence: expect.stringContaining('how much another training would change is not known'),
    });
    // t_{0.975, 1} = 12.7 and 0.8 Pt of noise: 7 Pt are not enough, 30 Pt are.
    expect(findingOf('F13', [...natural, ...repeats])?.verdict).toBe('undecided');
    expect(findingOf('F13', [base('A', 0.2), base('B', 0.5), ...repeats])?.verdict).toBe(
      'supports',
    );
  });

  it('compare steps of the amount of data so too', () => {
    const reduced = [0.5, 0.505].map((accuracy, i) =>
      network({
        ...{ family: 'reduced', split: `reduced${i}`, name: `reduced${i}/base`, target: null },
        imagesPerClass: 1000 + 300 * i,
        accuracy,
      }),
    );
    expect(findingOf('F16', reduced)?.verdict).toBe('undecided');
  });

  it('beat random features only by more than training noise explains', () => {
    const at = (treatment: 'AnB' | 'random', target: string, n: number, accuracy: number) =>
      network({
        ...base(target, accuracy),
        ...{ name: `natman/${treatment}${n}${target}`, treatment, n },
        source: treatment === 'AnB' ? 'X' : null,
      });
    const study = (layers: readonly number[], better: number) => [
      ...[base('A', 0.5), base('B', 0.5)],
      ...layers.flatMap((n) => [
        ...['A', 'B'].map((target) => at('AnB', target, n, 0.4 + better)),
        ...['A', 'B'].map((target) => at('random', target, n, 0.4)),
      ]),
    ];
    // Noise of 0.8 Pt with one degree of freedom: 12.7 x 2 x 0.8 = 21 Pt.
    expect(findingOf('F15', study([1, 3, 5], 0.25))?.verdict).toBe('undecided');
    expect(findingOf('F15', [...study([1, 3, 5], 0.25), ...repeats])?.verdict).toBe('supports');
    expect(findingOf('F15', [...study([1, 3, 5], 0.15), ...repeats])?.verdict).toBe('undecided');
    expect(findingOf('F15', [...study([3], -0.02), ...repeats])?.verdict).toBe('undecided');
    expect(findingOf('F15', [...study([3], -0.35), ...repeats])?.verdict).toBe('contradicts');
  });
});
