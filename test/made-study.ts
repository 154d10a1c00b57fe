// Made-up outcomes of a study of random halves, for tests and pictures: effects of known size plus
// known offsets.
import type { NetworkResult } from '../src/study/results/types.js';
import { networkName } from '../src/study/network-name.js';
import { defaultTreatments, type TreatmentKind, treatments } from '../src/study/treatments.js';

/** What {@link makeNetworks} varies. */
export interface MadeStudy {
  readonly weightLayers: number;
  readonly splits: number;
  readonly repeats?: number;
  readonly layers?: readonly number[];
  readonly treatments?: readonly TreatmentKind[];
  /** Accuracy of one network; by default {@link madeAccuracy}. */
  readonly accuracy?: (network: NetworkResult) => number;
}

const usual = defaultTreatments;

/** All networks of a study with both targets and both directions, every one done. */
export function makeNetworks(study: MadeStudy): NetworkResult[] {
  const result: NetworkResult[] = [];
  const layers = study.layers ?? Array.from({ length: study.weightLayers - 1 }, (_, i) => i + 1);
  for (let split = 0; split < study.splits; split++) {
    for (let repeat = 0; repeat < (study.repeats ?? 1); repeat++) {
      for (const target of ['A', 'B']) {
        for (const treatment of study.treatments ?? usual) {
          for (const n of layersOf(treatment, layers, study.weightLayers)) {
            const network = makeNetwork(split, repeat, target, treatment, n);
            const accuracy = (study.accuracy ?? madeAccuracy(study.weightLayers))(network);
            result.push({ ...network, accuracy, finalAccuracy: accuracy });
          }
        }
      }
    }
  }
  return result;
}

function layersOf(treatment: TreatmentKind, layers: readonly number[], weightLayers: number) {
  return { none: [0], some: layers, all: [weightLayers] }[treatments[treatment].layers];
}

function makeNetwork(
  split: number,
  repeat: number,
  target: string,
  treatment: TreatmentKind,
  n: number,
): NetworkResult {
  const other = target === 'A' ? 'B' : 'A';
  const source = { none: null, target, other }[treatments[treatment].source];
  const folder = repeat === 0 ? `split${split}` : `split${split}-r${repeat}`;
  return {
    name: `${folder}/${networkName({ treatment, source, target, n })}`,
    family: 'random-halves',
    split: `split${split}`,
    repeat,
    treatment,
    source,
    target,
    n,
    state: 'done',
    accuracy: null,
    finalAccuracy: null,
    originalName: null,
    imagesPerClass: null,
    testImages: null,
    classes: null,
  };
}

/** Effects like those of a small study (small-scale: a second schedule helps by itself), with
 *  deterministic noise. */
export function madeAccuracy(weightLayers: number): (network: NetworkResult) => number {
  return ({ name, split, target, treatment, n }) => {
    const depth = n / (weightLayers - 1);
    const effect: Partial<Record<TreatmentKind, number>> = {
      base: 0,
      BnB: 0.02 - 0.03 * depth * (1.4 - depth),
      'BnB+': 0.03 + 0.02 * depth,
      AnB: 0.02 - 0.13 * depth ** 2,
      'AnB+': 0.03 + 0.015 * depth,
      random: -0.05 - 0.5 * depth,
      'warm-restart': 0.05,
    };
    const offset = 0.012 * Number(split.slice(5)) - (target === 'A' ? 0.01 : 0);
    return 0.84 + offset + (effect[treatment] ?? 0) + 0.006 * wobble(name);
  };
}

// In [-1, 1], a function of the text alone.
function wobble(text: string): number {
  let hash = 7;
  for (const character of text) hash = (hash * 31 + character.charCodeAt(0)) % 100003;
  return Math.sin(hash);
}
