// Moves parameters between files and an executable's slots: start, resume, checkpoint, final
// weights, freeze audit.
import { RunStoreError } from '../base/errors.js';
import type { Executable } from '../executors/executor.js';
import { readSafetensors, writeSafetensors } from '../tensor/safetensors.js';
import { f32, type HostTensor } from '../tensor/tensor.js';
import { tensorHash } from '../tensor/tensor-hash.js';
import { readCheckpoint, velocityName, writeCheckpoint } from './checkpoint.js';
import { velocitySlot } from './gang-program.js';
import { initialValue, tensorName } from './initial-values.js';
import type { GangJob, RunRecord } from './job.js';
import { type Member, runFiles } from './member.js';

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
    const name = tensorName(parameter);
    const saved = parameter.isTrainable ? checkpoint?.tensors[name] : undefined;
    const value = saved ?? initialValue(member.job, parameter, source);
    await executable.write(parameter.slot, value);
    if (parameter.isTrainable) {
      const velocity = checkpoint?.tensors[velocityName(name)] ?? f32(parameter.shape);
      await executable.write(velocitySlot(parameter), velocity);
    } else {
      frozenBefore[name] = tensorHash(value);
    }
  }
  if (checkpoint) {
    expectSameFrozen(member, checkpoint.progress.frozenBefore, frozenBefore);
    member.progress = checkpoint.progress;
  }
  member.progress.frozenBefore = frozenBefore;
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
  for (const parameter of member.parameters.filter(({ isTrainable }) => isTrainable)) {
    const name = tensorName(parameter);
    tensors[name] = await executable.read(parameter.slot);
    tensors[velocityName(name)] = await executable.read(velocitySlot(parameter));
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
  for (const parameter of member.parameters.filter(({ isTrainable }) => !isTrainable)) {
    const tensor = tensorName(parameter);
    const before = member.progress.frozenBefore[tensor] ?? '';
    const after = tensorHash(await executable.read(parameter.slot));
    audit.push({ tensor, before, after, equal: before === after });
  }
  return audit;
}
