// Moves parameters between files and an executable's slots: start, resume, checkpoint, final
// weights, freeze audit.
import { RunStoreError } from '../base/errors.js';
import type { Executable } from '../executors/executor.js';
import { readCheckpoint, velocityName, writeCheckpoint } from '../runs/checkpoint.js';
import { runFiles } from '../runs/files.js';
import type { RunRecord } from '../runs/record.js';
import { readSafetensors, writeSafetensors } from '../tensor/safetensors.js';
import { f32, type HostTensor } from '../tensor/tensor.js';
import { tensorHash } from '../tensor/tensor-hash.js';
import { velocitySlot } from './gang-program.js';
import { initialValue, tensorName } from './initial-values.js';
import type { GangJob } from './job.js';
import type { Member } from './member.js';

/** Fills the slots of all networks: from their checkpoints where there are any, else with first
 *  values. */
export function loadState(executable: Executable, job: GangJob, members: readonly Member[]): void {
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
    if (!member.hasEnded) loadMember(executable, member, sourceOf(member));
  }
}

function loadMember(
  executable: Executable,
  member: Member,
  source: Readonly<Record<string, HostTensor>> | null,
): void {
  const checkpoint = readCheckpoint(member.files.checkpoint, member.job.identity);
  const frozenBefore: Record<string, string> = {};
  for (const parameter of member.parameters) {
    const name = tensorName(parameter);
    const saved = parameter.isTrainable ? checkpoint?.tensors[name] : undefined;
    const value = saved ?? initialValue(member.job, parameter, source);
    executable.write(parameter.slot, value);
    if (parameter.isTrainable) {
      const velocity = checkpoint?.tensors[velocityName(name)] ?? f32(parameter.shape);
      executable.write(velocitySlot(parameter), velocity);
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
export function saveCheckpoint(executable: Executable, member: Member): void {
  const tensors: Record<string, HostTensor> = {};
  for (const parameter of member.parameters.filter(({ isTrainable }) => isTrainable)) {
    const name = tensorName(parameter);
    tensors[name] = executable.read(parameter.slot);
    tensors[velocityName(name)] = executable.read(velocitySlot(parameter));
  }
  writeCheckpoint(member.files.checkpoint, member.job.identity, member.progress, tensors);
}

/** Writes all weights, frozen ones too, as `weights.safetensors`. */
export function saveWeights(executable: Executable, member: Member): void {
  const tensors = member.parameters.map(
    (parameter) => [tensorName(parameter), executable.read(parameter.slot)] as const,
  );
  writeSafetensors(member.files.weights, Object.fromEntries(tensors), {
    identity: member.job.identity,
    name: member.job.name,
  });
}

/** Compares every frozen tensor's hash with the one it had before training. */
export function auditFrozen(executable: Executable, member: Member): RunRecord['frozenAudit'] {
  return member.parameters
    .filter(({ isTrainable }) => !isTrainable)
    .map((parameter) => {
      const tensor = tensorName(parameter);
      const before = member.progress.frozenBefore[tensor] ?? '';
      const after = tensorHash(executable.read(parameter.slot));
      return { tensor, before, after, equal: before === after };
    });
}
