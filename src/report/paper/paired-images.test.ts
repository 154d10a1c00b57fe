// Single networks whose answers to the same images are known: intervals by hand, and how often they
// hold the truth.
import { describe, expect, it } from 'vitest';
import { makeNetworks } from '../../../test/made-study.js';
import { fillGaussian, fillUniform, streamKey } from '../../base/random-stream.js';
import { buildResults } from '../../study/results/build.js';
import { buildByImage } from '../../study/results/by-image.js';
import type { ImageAnswers } from '../../study/results/image-pairs.js';
import type { Measured } from '../../study/results/measured.js';
import { paperFindings } from './findings.js';
import { sampledDifference, scatterOf } from './sampling.js';

const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;
const [blank] = makeNetworks({ weightLayers: 6, splits: 1, treatments: ['base'] });
const images = 400;

/** A base of reduced data with these answers. */
function reduced(imagesPerClass: number, right: readonly boolean[], repeat = 0) {
  const count = right.filter(Boolean).length;
  const split = `reduced${imagesPerClass}`;
  const network = {
    ...({ ...blank!, family: 'reduced', target: null, split, repeat, imagesPerClass } as Measured),
    ...{ name: `${split}-r${repeat}/base`, testImages: right.length, classes: 2 },
    accuracy: count / right.length,
  };
  const bits = new Uint8Array(Math.ceil(right.length / 8));
  right.forEach((is, i) => {
    if (is) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
  });
  const byClass = new Map([['all', { right: count, images: right.length }]]);
  const answers: ImageAnswers = { imagesHash: 'h', images: right.length, bits, byClass };
  return { network, answers };
}

function resultsOf(members: readonly ReturnType<typeof reduced>[]) {
  const networks = members.map(({ network }) => network);
  const byImage = buildByImage(
    networks,
    new Map(members.map(({ network, answers }) => [network.name, answers])),
  );
  return buildResults({ study, networks, byImage });
}

const halfOf = ({ lowPt, highPt }: ReturnType<typeof sampledDifference>): number =>
  ((highPt ?? NaN) - (lowPt ?? NaN)) / 2;

/** The first `count` of 100 images right. */
const firsts = (count: number) => Array.from({ length: 100 }, (_, i) => i < count);

describe('a difference of two networks on the same images', () => {
  it('has the variance of the images that one of them alone gets right', () => {
    const [many, few] = [reduced(1300, firsts(60)), reduced(1000, firsts(50))];
    const results = resultsOf([many, few]);
    const found = sampledDifference([many.network], [few.network], scatterOf(results));
    // sqrt(b + c - (b - c)^2 / m) / m with b = 10, c = 0, m = 100: 3 Pt.
    expect(found.meanPt).toBeCloseTo(10, 9);
    expect(halfOf(found)).toBeCloseTo(1.96 * 3, 9);
    expect(found.words).toContain('paired test images alone');
    expect(paperFindings(results).find(({ id }) => id === 'F16')?.evidence).toContain('paired');
  });

  it('is that of two sets of images where a partner is missing, and says so', () => {
    const [many, few] = [reduced(1300, firsts(60)), reduced(1000, firsts(50))];
    const alone = sampledDifference([many.network], [few.network], scatterOf(resultsOf([many])));
    expect(halfOf(alone)).toBeCloseTo(1.96 * 100 * Math.sqrt((0.24 + 0.25) / 100), 9);
    expect(alone.words).not.toContain('paired');
    // One of two repeats has no partner, and one partner is not two.
    const again = reduced(1300, firsts(60), 1);
    const scatter = scatterOf(resultsOf([many, again, few]));
    const uneven = sampledDifference([many.network, again.network], [few.network], scatter);
    expect(uneven.words).not.toContain('paired');
    const left = reduced(1000, firsts(50), 2);
    const twice = sampledDifference(
      [many.network, many.network],
      [few.network, left.network],
      scatter,
    );
    expect(twice.words).not.toContain('paired');
  });

  it('has at most the mean error of its pairs where there are several', () => {
    const first = [reduced(1300, firsts(60)), reduced(1000, firsts(50))] as const;
    const second = [reduced(1300, firsts(90), 1), reduced(1000, firsts(50), 1)] as const;
    const sides = [0, 1].map((side) => [first[side]!.network, second[side]!.network]);
    const scatter = scatterOf(resultsOf([...first, ...second]));
    const found = sampledDifference(sides[0]!, sides[1]!, { ...scatter, noise: null });
    // 3 Pt, and sqrt(40 - 16) = 4.9 Pt.
    expect(halfOf(found)).toBeCloseTo((1.96 * (3 + Math.sqrt(24))) / 2, 9);
  });

  it('of one random network is to all bases of its target', () => {
    const bases = [60, 50].map((count) => reduced(1300, firsts(count), count));
    const random = reduced(1300, firsts(40), 1);
    const members = [...bases, random].map(({ network, answers }, i) => ({
      answers,
      network: {
        ...network,
        ...{ family: 'whole' as const, split: 'whole', repeat: 0, imagesPerClass: null },
        ...(i < 2
          ? { name: `whole/base-${i}` }
          : { name: 'whole/R1', treatment: 'random' as const, n: 1 }),
      },
    }));
    const [one, other, fresh] = members.map(({ network }) => network);
    const { pairs } = scatterOf(resultsOf(members));
    const found = sampledDifference([fresh!], [one!, other!], { noise: null, pairs });
    // sqrt(20 - 4) and sqrt(10 - 1), in the mean 3.5 Pt.
    expect(found.meanPt).toBeCloseTo(-15, 9);
    expect(halfOf(found)).toBeCloseTo(1.96 * 3.5, 9);
    const evidence = paperFindings(resultsOf(members)).find(({ id }) => id === 'F14')?.evidence;
    expect(evidence).toContain('paired test images and training noise');
  });
});

describe('in drawn studies', () => {
  const noisePt = 1;
  // Of 70 % of the images both networks say the same.
  const drawn = (index: number) => {
    const luck = new Float32Array(2);
    fillGaussian(luck, streamKey(['paired', index, 'luck']), noisePt / 100);
    const uniform = new Float32Array(4 * images);
    fillUniform(uniform, streamKey(['paired', index, 'images']), 0, 1);
    const answersOf = (side: 0 | 1) =>
      Array.from({ length: images }, (_, i) => {
        const isShared = uniform[i]! < 0.7;
        const value = uniform[(isShared ? 1 : 2 + side) * images + i]!;
        return value < 0.6 + luck[side]!;
      });
    const [many, few] = [reduced(1300, answersOf(0)), reduced(1000, answersOf(1))];
    const { pairs } = scatterOf(resultsOf([many, few]));
    const noise = { sdPt: noisePt, degrees: 1000 };
    const sides = [[many.network], [few.network]] as const;
    return [pairs, new Map<string, number>()].map((known) =>
      sampledDifference(sides[0], sides[1], { noise, pairs: known }),
    );
  };

  it('paired intervals hold the truth in 95 %, those of two sets of images in nearly all', () => {
    const studies = Array.from({ length: 600 }, (_, index) => drawn(index));
    const covered = [0, 1].map(
      (form) =>
        studies.filter((each) => (each[form]!.lowPt ?? 1) <= 0 && (each[form]!.highPt ?? -1) >= 0)
          .length / studies.length,
    );
    // Standard error 0.9 %.
    expect(covered[0]).toBeGreaterThan(0.93);
    expect(covered[0]).toBeLessThan(0.97);
    expect(covered[1]).toBeGreaterThan(0.985);
  });
});
