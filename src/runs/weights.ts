// The final weights of a run that others copy from: are they still those that were trained? The
// hash of the file stands in the run's record.
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { RunStoreError } from '../base/errors.js';
import { onFile } from '../base/system-error.js';
import { readSafetensorsMetadata } from '../tensor/safetensors.js';
import type { RunFiles } from './files.js';
import { readRecord, writeRecord } from './record.js';

const CHUNK_BYTES = 2 ** 22;

/** SHA-256 (64 hex digits) of a file. @throws FileError if it cannot be read */
export function fileHash(path: string): string {
  return onFile(path, () => {
    const file = openSync(path, 'r');
    const hash = createHash('sha256');
    const chunk = Buffer.alloc(CHUNK_BYTES);
    try {
      for (;;) {
        const got = readSync(file, chunk, 0, CHUNK_BYTES, null);
        if (got === 0) return hash.digest('hex');
        hash.update(chunk.subarray(0, got));
      }
    } finally {
      closeSync(file);
    }
  });
}

/** Compares the weights of a finished run with what its record says of them. Records of older
 *  versions have no hash: theirs are taken if they name the run's identity.
 *  @returns the hash of the file
 *  @throws RunStoreError naming both hashes, or the identity that the file is of */
export function expectTrainedWeights({ weights, record: recordPath }: RunFiles): string {
  const record = readRecord(recordPath);
  if (!existsSync(weights)) {
    throw new RunStoreError(`${weights}: does not exist`, {
      hint: 'Run the study again: its network is trained again before others copy it.',
    });
  }
  const found = fileHash(weights);
  if (record?.weightsHash !== undefined) {
    if (record.weightsHash === found) return found;
    throw replaced(weights, `its SHA-256 is ${found}, when it was trained it was ${record.weightsHash}`);
  }
  const { identity } = readSafetensorsMetadata(weights);
  if (record !== null && identity !== undefined && identity !== record.identity) {
    throw replaced(weights, `it is of run ${identity}, wanted ${record.identity}`);
  }
  return found;
}

/** Notes the hash of weights whose record, of an older version, has none: from now on a file in
 *  their place is noticed. @throws RunStoreError as {@link expectTrainedWeights} does */
export function confirmWeights(files: RunFiles): void {
  if (!existsSync(files.weights)) return;
  const weightsHash = expectTrainedWeights(files);
  const record = readRecord(files.record);
  if (record !== null && record.weightsHash === undefined) {
    writeRecord(files.record, { ...record, weightsHash });
  }
}

function replaced(weights: string, problem: string): RunStoreError {
  return new RunStoreError(`${weights}: is not the file that was trained: ${problem}`, {
    hint: 'Put the trained file back, or remove this one: then its network is trained again, with the same numbers, before others copy it.',
  });
}
