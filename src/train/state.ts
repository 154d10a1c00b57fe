// Moves parameters between files and an executable's slots: start, resume, checkpoint, final
// weights, freeze audit.
import { RunStoreError } from '../base/errors.js';
import type { Executable } from '../executors/executor.js';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from '../runs/checkpoint.js';
import { runFiles } from '../runs/files.js';
import type { RunRecord } from '../runs/record.js';
import { readSafetensors, writeSafetensors } from '../tensor/safetensors.js';
import { f32, type HostTensor } from '../tensor/tensor.js';
import { tensorHash } from '../tensor/tensor-hash.js';
import { initialValue } from './initial-values.js';
import type { GangJob } from './job.js';
import type { Member } from './member.js';
import { changingSlots, tensorName } from './parameter.js';

/** Fills the slots of all networks: from their checkpoints where there are any, else with first
 *  values. */
export async function loadState(
  executable: Executable,
  job: GangJob,
  members: readonly Member[],
): Promise<void> {
  const sources = new Map<string, Readonly<Record<string, HostTensor>>>();
  const sourceOf = (member: Member): Readonly<Record<string, HostTensor>> | null => {
    const { source } = member.job;
    if (source === null) return null;
    let tensors = sources.get(source);
    if (!tensors) {
      tensors = readSafetensors(runFiles(job.studyDirectory, source).weights).tensors;
      sources.set(source, tensors);
    }
    return tensors;
  };
  for (const member of members) {
    if (!member.hasEnded) await loadMember(executable, member, sourceOf(member));
  }
}

async function loadMember(
  executable: Executable,
  member: Member,
  source: Readonly<Record<string, HostTensor>> | null,
): Promise<void> {
  const checkpoint = readCheckpoint(member.files.checkpoint, member.job.identity);
  const frozenBefore: Record<string, string> = {};
  for (const parameter of member.parameters) {
    if (checkpoint === null || parameter.isFrozen) {
      const value = initialValue(member.job, parameter, source);
      await executable.write(parameter.slot, value);
      if (parameter.isFrozen) frozenBefore[tensorName(parameter)] = tensorHash(value);
    }
    for (const { slot, name } of changingSlots(parameter)) {
      if (checkpoint !== null) await executable.write(slot, savedTensor(member, checkpoint, name));
      else if (slot !== parameter.slot) await executable.write(slot, f32(parameter.blob.shape));
    }
  }
  if (checkpoint) {
    expectSameFrozen(member, checkpoint.progress.frozenBefore, frozenBefore);
    member.progress = checkpoint.progress;
  }
  member.progress.frozenBefore = frozenBefore;
}

function savedTensor(member: Member, { tensors }: Checkpoint, name: string): HostTensor {
  const tensor = tensors[name];
  if (tensor !== undefined) return tensor;
  const { checkpoint } = member.files;
  throw new RunStoreError(`${checkpoint}: has no ${name}, which ${member.job.name} changes`, {
    hint: 'remove the file; the network starts again',
  });
}

function expectSameFrozen(
  member: Member,
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): void {
  const changed = Object.keys(now).filter((name) => before[name] !== now[name]);
  if (changed.length > 0) {
    throw new RunStoreError(
      `${member.job.name}: frozen ${changed.join(', ')} of ${member.job.source ?? 'the random stream'} changed since its checkpoint`,
      { hint: `the source was trained again: remove ${member.files.checkpoint} to start over` },
    );
  }
}

/** Writes the network's checkpoint: what training changes, and its progress. */
export async function saveCheckpoint(executable: Executable, member: Member): Promise<void> {
  const tensors: Record<string, HostTensor> = {};
  for (const { slot, name } of member.parameters.flatMap(changingSlots)) {
    tensors[name] = await executable.read(slot);
  }
  writeCheckpoint(member.files.checkpoint, member.job.identity, member.progress, tensors);
}

/** Writes all weights, frozen ones too, as `weights.safetensors`. */
export async function saveWeights(executable: Executable, member: Member): Promise<void> {
  const tensors: Record<string, HostTensor> = {};
  for (const parameter of member.parameters) {
    tensors[tensorName(parameter)] = await executable.read(parameter.slot);
  }
  writeSafetensors(member.files.weights, tensors, {
    identity: member.job.identity,
    name: member.job.name,
  });
}

/** Compares every frozen tensor's hash with the one it had before training. */
export async function auditFrozen(
  executable: Executable,
  member: Member,
): Promise<RunRecord['frozenAudit']> {
  const audit = [];
  for (const parameter of member.parameters.filter(({ isFrozen }) => isFrozen)) {
    const tensor = tensorName(parameter);
    const before = member.progress.frozenBefore[tensor] ?? '';
    const after = tensorHash(await executable.read(parameter.slot));
    audit.push({ tensor, before, after, equal: before === after });
  }
  return audit;
}
