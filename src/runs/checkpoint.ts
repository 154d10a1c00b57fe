// A network's checkpoint: trainable weights, velocities, and the little else that a resumed run
// needs to continue bit for bit.
import { existsSync, rmSync } from 'node:fs';
import { type Check, count, mapOf, number, objectOf, orNull, text } from '../base/checks.js';
import { RunStoreError } from '../base/errors.js';
import { parseChecked } from '../base/json-file.js';
import { readSafetensors, type SafetensorsFile, writeSafetensors } from '../tensor/safetensors.js';
import type { HostTensor } from '../tensor/tensor.js';

/** Progress of one network between two iterations. */
export interface Progress {
  /** Updates done. */
  iteration: number;
  /** Sum and number of training losses since the last line of metrics. */
  lossSum: number;
  lossCount: number;
  /** Smallest mean training loss of any line so far; null before the first. */
  lowestTrainLoss: number | null;
  /** Seconds of training so far, all sessions together. */
  seconds: number;
  /** SHA-256 of each frozen tensor when training began. */
  frozenBefore: Record<string, string>;
}

const progressCheck: Check<Progress> = objectOf<Progress>({
  iteration: count,
  lossSum: number,
  lossCount: count,
  lowestTrainLoss: orNull(number),
  seconds: number,
  frozenBefore: mapOf(text),
});

const HINT = 'Remove the file; the network starts again.';

/** A checkpoint as read back. */
export interface Checkpoint {
  readonly progress: Progress;
  readonly tensors: Readonly<Record<string, HostTensor>>;
}

/** Writes `tensors` (named as `changingSlots` says) and `progress` whole or not
 *  at all. */
export function writeCheckpoint(
  path: string,
  identity: string,
  progress: Progress,
  tensors: Readonly<Record<string, HostTensor>>,
): void {
  writeSafetensors(path, tensors, { identity, progress: JSON.stringify(progress) });
}

/** The checkpoint at `path`, or null if there is none of this identity.
 *  @throws RunStoreError if the file is damaged (it never is by a crash of ours: it is written
 *  whole) */
export function readCheckpoint(path: string, identity: string): Checkpoint | null {
  if (!existsSync(path)) return null;
  const { tensors, metadata } = readWhole(path);
  if (metadata.identity !== identity) return null;
  if (metadata.progress === undefined) {
    throw new RunStoreError(`${path}: no progress in its metadata`, { hint: HINT });
  }
  const where = `${path}: progress in its metadata`;
  return { progress: parseChecked(where, metadata.progress, progressCheck, HINT), tensors };
}

function readWhole(path: string): SafetensorsFile {
  try {
    return readSafetensors(path);
  } catch (cause) {
    if (!(cause instanceof RunStoreError)) throw cause;
    throw new RunStoreError(cause.message, { cause, hint: HINT });
  }
}

/** Removes the checkpoint of a network that has ended. */
export function removeCheckpoint(path: string): void {
  rmSync(path, { force: true });
}
