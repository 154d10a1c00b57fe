// Reads what record_torch.py and record_training.py recorded.
import { readFileSync } from 'node:fs';
import type { MinibatchSizes, TrainedName } from './fill.js';

/** Fingerprint of a generated array: SHA-256 (hex) of its little-endian bytes, first and last
 *  element. */
export interface Probe {
  readonly sha256: string;
  readonly first: number;
  readonly last: number;
}

/** Numbers by the name of a parameter or of a running statistic. */
export type ByTensor = Readonly<Record<string, number>>;

/** One training run in PyTorch. Norms are Euclidean, computed in float64. */
export interface RecordedRun {
  /** Mean cross-entropy of the minibatch before the update, one an iteration. */
  readonly losses: readonly number[];
  readonly gradientNormsAtIteration0: ByTensor;
  /** |w| after the last update. */
  readonly finalNorms: ByTensor;
  /** |w - initial w| after the last update: sees a wrong gradient, multiplier or decay that the
   *  losses may hide. */
  readonly changeNorms: ByTensor;
}

/** The recorded file; `solver` are the numbers of the update rule w' = w - v', v' = momentum v + lr
 *  lrMult (dw + weightDecay decayMult w), whose multipliers are the preset's. */
export interface ParityRecord extends MinibatchSizes {
  readonly schema: 'selffer.parity/1';
  readonly solver: {
    readonly lr: number;
    readonly momentum: number;
    readonly weightDecay: number;
  };
  readonly numIterations: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly maxRelativeDeviationOfFloat32: number;
  readonly float64: RecordedRun;
  readonly float32: RecordedRun;
  readonly fill: {
    readonly parameters: Readonly<Record<string, Probe>>;
    readonly minibatches: readonly {
      readonly iteration: number;
      readonly images: Probe;
      readonly labels: readonly number[];
    }[];
  };
}

/** The networks that were trained. */
export const trainedNames = ['tiny32', 'resnet20', 'mobilenet-v2'] as const satisfies TrainedName[];

/** PyTorch's record of 50 iterations of a network (<network>-losses.json). */
export function readRecord(network: TrainedName): ParityRecord {
  const path = new URL(`${network}-losses.json`, import.meta.url);
  const record = JSON.parse(readFileSync(path, 'utf8')) as ParityRecord;
  return { ...record, side: record.side ?? 32 };
}
