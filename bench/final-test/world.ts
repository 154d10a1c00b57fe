// Advices whose truth is known: some ways with true accuracies, images to choose by and images of
// the final test, through the product's own intervals and tests.
import jStat from 'jstat';
import { differencesTo, shareOf } from '../../src/advise/compare-arms.js';
import { fillGaussian, streamKey } from '../../src/base/random-stream.js';

/** A kind of advice. */
export interface World {
  /** Images to choose by; as many in the final test. */
  readonly images: number;
  /** True accuracy of the ways, before their spread. */
  readonly accuracy: number;
  /** Standard deviation of the ways' probits: 0 where all are equally good. */
  readonly spread: number;
  /** Correlation of what makes an image hard for two ways. */
  readonly alike: number;
}

/** What happened in many advices. */
export interface Coverage {
  /** Differences between the chosen way and a rival, and 95 % intervals that hold the true one. */
  readonly differences: number;
  readonly differencesHeld: number;
  /** The same of the chosen way's own accuracy. */
  readonly advices: number;
  readonly sharesHeld: number;
  /** Advices that call a rival better or worse that is not. */
  readonly falseClaims: number;
}

/** Ways: the first three are rivals whatever they reach, as last layer only, fine-tune everything
 *  and scratch are; of the others the best two are looked at. */
const WAYS = 8;
const ALWAYS = 3;
const LEVEL = 0.05;

/** Makes `advices` of them: ways are drawn, the best on the images to choose by is chosen, and it
 *  is compared with the rivals on the final test. An answer is right where sqrt(alike) z + sqrt(1 -
 *  alike) e lies below the way's probit, with z of the image and e of both, all normal: a way's
 *  accuracy is exactly what was drawn. */
export function simulate(world: World, advices: number, seed: number): Coverage {
  const { images, accuracy, spread, alike } = world;
  const [differences, held] = [
    { all: 0, held: 0 },
    { shares: 0, falseClaims: 0 },
  ];
  const labels = new Array<number>(images).fill(1);
  const centre = jStat.normal.inv(accuracy, 0, 1);
  const draws = new Float32Array(WAYS + 2 * images * (WAYS + 1));
  for (let at = 0; at < advices; at++) {
    fillGaussian(draws, streamKey(['final test', seed, { ...world }, at]), 1);
    const probits = Array.from({ length: WAYS }, (_, way) => centre + spread * (draws[way] ?? 0));
    const truth = probits.map((probit) => jStat.normal.cdf(probit, 0, 1));
    const right = (part: 0 | 1): number[][] => {
      const from = WAYS + part * images * (WAYS + 1);
      return probits.map((probit, way) =>
        labels.map((_, image) => {
          const row = from + image * (WAYS + 1);
          const own = Math.sqrt(1 - alike) * (draws[row + way] as number);
          return Number(Math.sqrt(alike) * (draws[row + WAYS] as number) + own < probit);
        }),
      );
    };
    const order = ranked(right(0));
    const asked = order.filter((way, place) => place < 2 || way < ALWAYS);
    const [chosen = 0, ...rivals] = asked;
    const answers = right(1);
    const of = (way: number): readonly number[] => answers[way] as number[];
    const found = differencesTo(of(chosen), rivals.map(of), labels);
    let isFalse = false;
    for (const [place, { lowPt, highPt, differencePt, p }] of found.entries()) {
      const truePt = 100 * ((truth[chosen] as number) - (truth[rivals[place] as number] as number));
      differences.all++;
      if (lowPt <= truePt && truePt <= highPt) differences.held++;
      if (p < LEVEL && Math.sign(differencePt) !== Math.sign(truePt)) isFalse = true;
    }
    const { low, high } = shareOf(of(chosen), labels);
    const own = truth[chosen] as number;
    if (low <= own && own <= high) held.shares++;
    if (isFalse) held.falseClaims++;
  }
  return {
    ...{ differences: differences.all, differencesHeld: differences.held, advices },
    ...{ sharesHeld: held.shares, falseClaims: held.falseClaims },
  };
}

/** Ways by what they get right of the images to choose by, the best first. */
function ranked(right: readonly (readonly number[])[]): number[] {
  const sums = right.map((each) => each.reduce((sum, value) => sum + value, 0));
  return sums.map((_, way) => way).sort((a, b) => (sums[b] as number) - (sums[a] as number));
}
