// Moves parameters between files and an executable's slots: start, resume, checkpoint, final
// weights, freeze audit.
import { basename } from 'node:path';
import { RunStoreError } from '../base/errors.js';
import { isTestDue } from '../data/minibatch/loader/requests.js';
import type { Executable } from '../executors/executor.js';
import {
  type Checkpoint,
  type Progress,
  readCheckpoint,
  writeCheckpoint,
} from '../runs/checkpoint.js';
import { runFiles } from '../runs/files.js';
import { type MetricsLine, readMetrics } from '../runs/metrics.js';
import type { RunRecord } from '../runs/record.js';
import { setAside } from '../runs/set-aside.js';
import { expectTrainedWeights, fileHash } from '../runs/weights.js';
import { readSafetensors, writeSafetensors } from '../tensor/safetensors.js';
import { f32, formatType, type HostTensor, sameShape } from '../tensor/tensor.js';
import { tensorHash } from '../tensor/tensor-hash.js';
import type { WorkerEvent } from './events.js';
import { initialValue } from './initial-values.js';
import type { GangJob, Schedule } from './job.js';
import type { Member } from './member.js';
import { changingSlots, tensorName } from './parameter.js';

/** Where state is loaded into. */
export interface LoadContext {
  readonly executable: Executable;
  readonly job: GangJob;
  readonly emit: (event: WorkerEvent) => void;
}

/** Fills the slots of all networks: from their checkpoints where there are any, else with first
 *  values. A damaged checkpoint is set aside with a warning, and its network starts again.
 *  @throws RunStoreError if the weights of a base are not those that were trained */
export async function loadState(context: LoadContext, members: readonly Member[]): Promise<void> {
  const sources = new Map<string, Readonly<Record<string, HostTensor>>>();
  const sourceOf = (member: Member): Readonly<Record<string, HostTensor>> | null => {
    const { source } = member.job;
    if (source === null) return null;
    let tensors = sources.get(source);
    if (!tensors) {
      const files = runFiles(context.job.studyDirectory, source);
      expectTrainedWeights(files);
      tensors = readSafetensors(files.weights).tensors;
      sources.set(source, tensors);
    }
    return tensors;
  };
  for (const member of members) {
    if (!member.hasEnded) await loadMember(context, member, sourceOf(member));
  }
}

async function loadMember(
  context: LoadContext,
  member: Member,
  source: Readonly<Record<string, HostTensor>> | null,
): Promise<void> {
  const { executable } = context;
  const frozenBefore: Record<string, string> = {};
  for (const parameter of member.parameters.filter(({ isFrozen }) => isFrozen)) {
    const value = initialValue(member.job, parameter, source);
    await executable.write(parameter.slot, value);
    frozenBefore[tensorName(parameter)] = tensorHash(value);
  }
  const checkpoint = usableCheckpoint(context, member, frozenBefore);
  for (const parameter of member.parameters.filter(({ isFrozen }) => !isFrozen)) {
    for (const { slot, name } of changingSlots(parameter)) {
      const first = (): HostTensor =>
        slot === parameter.slot
          ? initialValue(member.job, parameter, source)
          : f32(parameter.blob.shape);
      await executable.write(slot, checkpoint?.tensors[name] ?? first());
    }
  }
  if (checkpoint !== null) {
    member.progress = checkpoint.progress;
    member.tests = [...checkpoint.tests];
  }
  member.progress.frozenBefore = frozenBefore;
}

/** The network's checkpoint if training can resume from it; null if it starts at its beginning. */
function usableCheckpoint(
  { job, emit }: LoadContext,
  member: Member,
  frozenNow: Progress['frozenBefore'],
): (Checkpoint & { readonly tests: readonly MetricsLine[] }) | null {
  const { files, job: network } = member;
  try {
    const found = readCheckpoint(files.checkpoint, network.identity);
    if (found === null) return null;
    const { iteration } = found.progress;
    // Older versions left the tests to the file alone.
    const tests =
      found.tests ?? readMetrics(files.metrics).filter((line) => line.iteration <= iteration);
    const checkpoint = { ...found, tests };
    const problem =
      unfitProgress(checkpoint.progress, tests, job.schedule) ??
      unfitTensors(member, checkpoint) ??
      changedFrozen(member, checkpoint.progress.frozenBefore, frozenNow);
    if (problem === null) return checkpoint;
    throw new RunStoreError(`${files.checkpoint}: ${problem}`);
  } catch (error) {
    if (!(error instanceof RunStoreError)) throw error;
    const aside = setAside(files.checkpoint);
    const next = `it is set aside as ${basename(aside)}, and ${network.name} starts again`;
    emit({ event: 'warning', message: `${error.message}; ${next}` });
    return null;
  }
}

function unfitProgress(
  { iteration }: Progress,
  tests: readonly MetricsLine[],
  schedule: Schedule,
): string | null {
  const { iterations, testEvery } = schedule;
  if (iteration > iterations) return `stands at iteration ${iteration} of ${iterations}`;
  const due = Math.floor(iteration / testEvery) + (isEndAlone(iteration, schedule) ? 1 : 0);
  const isWhole =
    tests.length === due && tests.every((line) => isTestDue(schedule, line.iteration));
  const found = tests.map((line) => line.iteration);
  if (isWhole && new Set(found).size === due) return null;
  return `stands at iteration ${iteration}, wanted ${due} tests until then, found ${found.length}`;
}

// The last iteration is tested whether or not it is one of every so many.
function isEndAlone(iteration: number, { iterations, testEvery }: Schedule): boolean {
  return iteration === iterations && iteration % testEvery !== 0;
}

function unfitTensors({ parameters }: Member, { tensors }: Checkpoint): string | null {
  for (const parameter of parameters) {
    for (const { name } of changingSlots(parameter)) {
      const { shape } = parameter.blob;
      const tensor = tensors[name];
      if (tensor?.dtype === 'f32' && sameShape(tensor.shape, shape)) continue;
      const found = tensor === undefined ? 'nothing' : formatType(tensor);
      return `${name}: found ${found}, wanted f32[${shape.join(',')}]`;
    }
  }
  return null;
}

function changedFrozen(
  member: Member,
  before: Progress['frozenBefore'],
  now: Progress['frozenBefore'],
): string | null {
  const changed = Object.keys(now).filter((name) => before[name] !== now[name]);
  if (changed.length === 0) return null;
  const source = member.job.source ?? 'the random stream';
  return `frozen ${changed.join(', ')} of ${source} changed since it was written`;
}

/** Writes the network's checkpoint: what training changes, and its progress. */
export async function saveCheckpoint(executable: Executable, member: Member): Promise<void> {
  const tensors: Record<string, HostTensor> = {};
  for (const { slot, name } of member.parameters.flatMap(changingSlots)) {
    tensors[name] = await executable.read(slot);
  }
  const { files, job, progress, tests } = member;
  writeCheckpoint(files.checkpoint, job.identity, { progress, tests, tensors });
}

/** Writes all weights, frozen ones too, as `weights.safetensors`. @returns SHA-256 of the file */
export async function saveWeights(executable: Executable, member: Member): Promise<string> {
  const tensors: Record<string, HostTensor> = {};
  for (const parameter of member.parameters) {
    tensors[tensorName(parameter)] = await executable.read(parameter.slot);
  }
  writeSafetensors(member.files.weights, tensors, {
    identity: member.job.identity,
    name: member.job.name,
  });
  return fileHash(member.files.weights);
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
