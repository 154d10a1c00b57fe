// Reads what record_torch.py recorded.
import { readFileSync } from 'node:fs';
import type { ParameterName } from './fill.js';

/** Fingerprint of a generated array: SHA-256 (hex) of its little-endian bytes, first and last
 *  element. */
export interface Probe {
  readonly sha256: string;
  readonly first: number;
  readonly last: number;
}

/** One training run in PyTorch. Norms are Euclidean, computed in float64. */
export interface RecordedRun {
  /** Mean cross-entropy of the minibatch before the update, one an iteration. */
  readonly losses: readonly number[];
  readonly gradientNormsAtIteration0: Readonly<Record<ParameterName, number>>;
  /** |w| after the last update. */
  readonly finalNorms: Readonly<Record<ParameterName, number>>;
  /** |w - initial w| after the last update: sees a wrong gradient, multiplier or decay that the
   *  losses may hide. */
  readonly changeNorms: Readonly<Record<ParameterName, number>>;
}

/** The recorded file; `solver` are the numbers of the update rule w' = w - v', v' = momentum v + lr
 *  lrMult (dw + weightDecay decayMult w). */
export interface ParityRecord {
  readonly schema: 'selffer.parity/1';
  readonly solver: {
    readonly lr: number;
    readonly momentum: number;
    readonly weightDecay: number;
    readonly lrMult: { readonly weight: number; readonly bias: number };
    readonly decayMult: { readonly weight: number; readonly bias: number };
  };
  readonly batchSize: number;
  readonly numClasses: number;
  readonly numIterations: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly maxRelativeDeviationOfFloat32: number;
  readonly float64: RecordedRun;
  readonly float32: RecordedRun;
  readonly fill: {
    readonly parameters: Readonly<Record<ParameterName, Probe>>;
    readonly minibatches: readonly {
      readonly iteration: number;
      readonly images: Probe;
      readonly labels: readonly number[];
    }[];
  };
}

/** PyTorch's record of 50 iterations of `tiny32` (tiny32-losses.json). */
export function readRecord(): ParityRecord {
  const path = new URL('tiny32-losses.json', import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as ParityRecord;
}
