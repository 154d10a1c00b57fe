// Single networks against their bases, image by image.
import { pairedDifference } from '../../stats/paired.js';
import type { ImagePair } from './by-image-types.js';
import { clusterOf, groupBy } from './order.js';
import type { NetworkResult } from './types.js';

/** Right answers and images of one class. */
export interface ClassCount {
  readonly right: number;
  readonly images: number;
}

/** What a network's last test said of single images. */
export interface ImageAnswers {
  /** Networks are compared image by image only if they agree in it. */
  readonly imagesHash: string;
  readonly images: number;
  /** A bit an image, see `Answers` of src/runs. */
  readonly bits: Uint8Array;
  readonly byClass: ReadonlyMap<string, ClassCount>;
}

/** Each network against every base of its own target and repeat, and each base of reduced data
 *  against the one of the next larger number of images, where both were tested on the same
 *  images. */
export function pairsOf(
  networks: readonly NetworkResult[],
  answers: ReadonlyMap<string, ImageAnswers>,
): ImagePair[] {
  const bases = groupBy(
    networks.filter(({ treatment }) => treatment === 'base'),
    clusterOf,
  );
  return networks.flatMap((network) => {
    const others =
      network.treatment === 'base'
        ? nextLarger(network, networks)
        : (bases.get(clusterOf(network)) ?? []);
    return others.flatMap((other) => pairOf(network, other, answers) ?? []);
  });
}

function pairOf(
  network: NetworkResult,
  other: NetworkResult,
  answers: ReadonlyMap<string, ImageAnswers>,
): ImagePair | null {
  const [ours, theirs] = [answers.get(network.name), answers.get(other.name)];
  if (ours?.imagesHash === undefined || ours.imagesHash !== theirs?.imagesHash) return null;
  const { images } = ours;
  const counts = { onlyFirst: onlyIn(ours, theirs), onlySecond: onlyIn(theirs, ours), images };
  const { difference, standardError, low, high, p } = pairedDifference(counts);
  const [differencePt, standardErrorPt] = [100 * difference, 100 * standardError];
  const [lowPt, highPt] = [100 * low, 100 * high];
  const names = { network: network.name, against: other.name };
  return { ...names, images, differencePt, standardErrorPt, lowPt, highPt, p };
}

// Of bases of reduced data, the one of the same task and repeat that has a step more images.
function nextLarger(
  { family, target, repeat, imagesPerClass }: NetworkResult,
  networks: readonly NetworkResult[],
): NetworkResult[] {
  if (family !== 'reduced' || imagesPerClass === null) return [];
  return networks
    .filter((each) => each.family === family && each.treatment === 'base')
    .filter((each) => each.target === target && each.repeat === repeat)
    .filter((each) => (each.imagesPerClass ?? 0) > imagesPerClass)
    .sort((a, b) => (a.imagesPerClass ?? 0) - (b.imagesPerClass ?? 0))
    .slice(0, 1);
}

/** Images that the first got right and the second did not. */
/** Images that the first network alone got right; both were tested on the same images. */
export function onlyIn(
  first: Pick<ImageAnswers, 'bits'>,
  second: Pick<ImageAnswers, 'bits'>,
): number {
  let count = 0;
  first.bits.forEach((byte, at) => {
    for (let rest = byte & ~(second.bits[at] as number); rest !== 0; rest &= rest - 1) count += 1;
  });
  return count;
}
