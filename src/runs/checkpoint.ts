// A network's checkpoint: trainable weights, velocities, and the little else that a resumed run
// needs to continue bit for bit.
import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { type Check, count, listOf, mapOf, number, objectOf, orNull, text } from '../base/checks.js';
import { RunStoreError } from '../base/errors.js';
import { parseChecked } from '../base/json-file.js';
import { readSafetensors, readSafetensorsMetadata, writeSafetensors } from '../tensor/safetensors.js';
import type { HostTensor } from '../tensor/tensor.js';
import { type MetricsLine, metricsLine } from './metrics.js';

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

/** A network's state between two iterations, as written and read back. */
export interface Checkpoint {
  readonly progress: Progress;
  /** All lines of metrics so far: metrics.jsonl is made of them when training resumes. Null in
   *  checkpoints of older versions. */
  readonly tests: readonly MetricsLine[] | null;
  /** Named as `changingSlots` says. */
  readonly tensors: Readonly<Record<string, HostTensor>>;
}

/** Writes a checkpoint whole or not at all, with a checksum over all of it. */
export function writeCheckpoint(path: string, identity: string, checkpoint: Checkpoint): void {
  const { progress, tests, tensors } = checkpoint;
  const metadata = {
    identity,
    progress: JSON.stringify(progress),
    ...(tests === null ? {} : { tests: JSON.stringify(tests) }),
  };
  const checksum = checksumOf(metadata, tensors);
  writeSafetensors(path, tensors, { ...metadata, checksum });
}

/** SHA-256 (64 hex digits) of all metadata except the checksum itself, and of all tensors. */
function checksumOf(
  metadata: Readonly<Record<string, string>>,
  tensors: Checkpoint['tensors'],
): string {
  const hash = createHash('sha256');
  const names = (of: object): readonly string[] => Object.keys(of).sort();
  const told = names(metadata).filter((name) => name !== 'checksum');
  for (const name of told) hash.update(JSON.stringify([name, metadata[name]]));
  for (const name of names(tensors)) {
    const { dtype, shape, data } = tensors[name] as HostTensor;
    hash.update(JSON.stringify([name, dtype, shape, data.byteLength]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

/** The checkpoint at `path`, or null if there is none of this identity.
 *  @throws RunStoreError if the file is damaged: torn, changed since it was written, not of a
 *  checkpoint; without a checksum (older versions), if a number in it is not finite */
export function readCheckpoint(path: string, identity: string): Checkpoint | null {
  if (!existsSync(path)) return null;
  const { tensors, metadata } = readSafetensors(path);
  if (metadata.checksum !== undefined) {
    const found = checksumOf(metadata, tensors);
    if (found !== metadata.checksum) {
      const problem = `its content has checksum ${found}, written was ${metadata.checksum}`;
      throw new RunStoreError(`${path}: was changed since it was written: ${problem}`);
    }
  }
  if (metadata.identity !== identity) return null;
  if (metadata.checksum === undefined) expectFinite(path, tensors);
  if (metadata.progress === undefined) {
    throw new RunStoreError(`${path}: no progress in its metadata`, { hint: HINT });
  }
  const where = (what: string): string => `${path}: ${what} in its metadata`;
  const progress = parseChecked(where('progress'), metadata.progress, progressCheck, HINT);
  const tests =
    metadata.tests === undefined
      ? null
      : parseChecked(where('tests'), metadata.tests, listOf(metricsLine), HINT);
  return { progress, tests, tensors };
}

function expectFinite(path: string, tensors: Checkpoint['tensors']): void {
  for (const [name, { data }] of Object.entries(tensors)) {
    if (data.every((value) => Number.isFinite(value))) continue;
    throw new RunStoreError(`${path}: ${name} holds numbers that are not finite`, { hint: HINT });
  }
}

/** The identity that the checkpoint at `path` is of; null if there is none, or it is damaged. */
export function checkpointIdentity(path: string): string | null {
  try {
    return readSafetensorsMetadata(path).identity ?? null;
  } catch (error) {
    if (!(error instanceof RunStoreError)) throw error;
    return null;
  }
}

/** Removes the checkpoint of a network that has ended. */
export function removeCheckpoint(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Iteration of the checkpoint at `path`, by its header alone; 0 if there is none or it is
 *  damaged. */
export function checkpointIteration(path: string): number {
  if (!existsSync(path)) return 0;
  try {
    const { progress = '' } = readSafetensorsMetadata(path);
    return parseChecked(path, progress, progressCheck, HINT).iteration;
  } catch (error) {
    if (error instanceof RunStoreError) return 0;
    throw error;
  }
}
