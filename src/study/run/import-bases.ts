// Bases that are read instead of trained: their folders get the weights, by name and hash, and a
// record that says where they come from.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { PlanError } from '../../base/errors.js';
import { networkFiles } from '../../runs/files.js';
import { composeRecord, readRecord, writeRecord } from '../../runs/record.js';
import { fileHash } from '../../runs/weights.js';
import { writeSafetensors } from '../../tensor/safetensors.js';
import { readPretrained } from '../pretrained/pretrained-base.js';
import type { Plan, PlannedNetwork } from '../plan/plan.js';

/** Imports every base of a plan that is read from a file and not in its folder yet. @returns their
 *  names
 *  @throws ParseError, FileError if a file cannot be read; PlanError if it has changed since the
 *  study was read */
export function importBases(plan: Plan, directory: string): readonly string[] {
  const imported: string[] = [];
  for (const base of plan.networks) {
    if (base.pretrained === undefined) continue;
    const { record, weights } = networkFiles(directory, base.name);
    const isThere = readRecord(record)?.identity === base.identity && existsSync(weights);
    if (isThere) continue;
    importBase(plan, base, directory);
    imported.push(base.name);
  }
  return imported;
}

function importBase({ study }: Plan, base: PlannedNetwork, directory: string): void {
  const { name, identity, pretrained } = base;
  const { file, weights: wanted, classes, hasSeen } = pretrained as NonNullable<typeof pretrained>;
  const { hash, tensors } = readPretrained(
    base.pretrained as NonNullable<typeof pretrained>,
    study.network,
  );
  if (hash !== wanted) {
    throw new PlanError(
      `${file}: was replaced since the study was read: its weights are ${hash}, wanted ${wanted}`,
    );
  }
  const files = networkFiles(directory, name);
  mkdirSync(dirname(files.weights), { recursive: true });
  writeSafetensors(files.weights, tensors, { identity, name });
  const record = composeRecord({
    ...{ name, identity, classes, iterations: 0, valImages: 0, trainSeconds: 0 },
    ...{ tests: [], lowestTrainLoss: null, frozenAudit: [], executor: null },
    weightsHash: fileHash(files.weights),
    pretrained: { file, weights: hash, hasSeen },
  });
  writeRecord(files.record, record);
}
