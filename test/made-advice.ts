// An advice as `advise` finds one, for tests of its words, page and file.
import type { Advice, AdvisedArm } from '../src/advise/advice.js';
import type { Family } from '../src/advise/arms.js';

/** An arm. @param less points that the chosen one has more; null: it is the chosen one */
export function madeArm(
  family: Family,
  accuracy: number,
  less: number | null,
  p = 0.001,
): AdvisedArm {
  const isScratch = family === 'scratch';
  const found = { differencePt: less ?? 0, lowPt: (less ?? 0) - 5, highPt: (less ?? 0) + 5, p };
  return {
    arm: { treatment: isScratch ? 'base' : 'AnB', n: isScratch ? 0 : 3, rate: 1 },
    words: `do ${family}`,
    family,
    cut: null,
    ...{ accuracy, low: accuracy - 0.08, high: Math.min(1, accuracy + 0.08) },
    selectionAccuracy: accuracy,
    chosenLessThis: less === null ? null : found,
    trainSeconds: 10,
    parametersTrained: family === 'last layer only' ? 100 : 5000,
    study: 'round-2/x',
    network: 'x/y',
  };
}

/** All of an advice that words are made of. */
export function madeFacts(
  arms: readonly AdvisedArm[],
): Omit<Advice, 'schema' | 'outcome' | 'answer' | 'remarks'> {
  return {
    model: {
      ...{ given: 'm.onnx', file: '/m.onnx', sha256: '', cuts: 4 },
      ...{ classes: 1000, parameters: 5000 },
    },
    data: {
      ...{ classes: ['n01443537', 'b'], train: 60, selection: 20, test: 100 },
      ...{ guessing: 0.5, together: 0, seed: 0 },
    },
    preprocessing: {
      chosen: { name: 'unit', mean: [0], std: [255] },
      from: 'trial',
      tried: [
        { name: 'unit', accuracy: 0.8, p: null },
        { name: 'symmetric', accuracy: 0.79, p: 0.7 },
        { name: 'pixels', accuracy: 0.3, p: 1e-9 },
      ],
    },
    cheap: {
      images: 60,
      folds: 5,
      cuts: [
        {
          ...{ n: 3, name: 'layer3', width: 8, accuracy: 0.9, logMe: 1, hScore: 1 },
          randomLabels: { accuracy: 0.48, logMe: 0, hScore: 0 },
          randomWeights: { accuracy: 0.6, logMe: 0, hScore: 0 },
        },
      ],
    },
    arms,
    trained: [],
    curve: [],
    extrapolation: null,
    epochs: 3,
    isWhole: true,
  };
}
