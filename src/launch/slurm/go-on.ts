// The last job of a submission submits what this has left, as `run --on slurm` would: nothing of
// ours has to run for that between the two.
import { writeFailure } from '../../runs/failure.js';
import { networkFiles } from '../../runs/files.js';
import type { GangFailure, LaunchEvent } from '../../study/run/launcher.js';
import type { StudyFolder } from '../../study/run/folder.js';
import type { PlanEntry } from '../../study/store/plan-file.js';
import { leftOf, type LeftQuestion, type LeftTask } from './left.js';
import type { ScriptSetting } from './sbatch.js';
import { slurmLauncher } from './submit.js';
import { readSubmission } from './submission.js';

/** What became of what was left. */
export interface GoneOn {
  /** Tasks that are in the queue again, and their jobs. */
  readonly tasks: number;
  readonly jobs: readonly string[];
  /** Why a network is not tried again, by its name; noted for it too. */
  readonly givenUp: ReadonlyMap<string, string>;
  /** Why Slurm did not take what it was given; null if it did. */
  readonly failure: GangFailure | null;
}

/** Submits what a submission has left, and notes why of the rest. The caller holds the study's
 *  lock. @throws RunStoreError if a file of the submission is damaged */
export async function goOn(
  folder: StudyFolder,
  networks: readonly PlanEntry[],
  question: LeftQuestion,
  setting: ScriptSetting,
): Promise<GoneOn> {
  const { directory } = folder;
  const { again, givenUp } = await leftOf(folder, networks, question);
  const { events, failure } =
    again.length === 0 ? nothing : await submit(again, directory, question, setting);
  const taken = new Set(events.map(({ gang }) => gang));
  const notes = new Map(givenUp);
  for (const { gang, attempts } of again) {
    if (taken.has(gang.job.name) || attempts.failures === 0) continue;
    const why = failure === null ? '' : `; and Slurm did not take it again: ${failure.message}`;
    for (const { name } of gang.job.networks) notes.set(name, `${attempts.message}${why}`);
  }
  for (const [name, message] of notes) writeFailure(networkFiles(directory, name).failure, message);
  folder.refresh(notes.keys());
  const jobs = new Set(events.map(({ job }) => job.replace(/_.*/, '')));
  return { tasks: events.length, jobs: [...jobs], givenUp: notes, failure };
}

type Submitted = Extract<LaunchEvent, { event: 'submitted' }>;
type Submitting = { readonly events: readonly Submitted[]; readonly failure: GangFailure | null };
const nothing: Submitting = { events: [], failure: null };

async function submit(
  again: readonly LeftTask[],
  directory: string,
  { tag, flight, scheduler }: LeftQuestion,
  setting: ScriptSetting,
): Promise<Submitting> {
  const { study = '', settings, passingWeights = [] } = readSubmission(directory, tag) ?? {};
  // A submission of an earlier version does not say what its tasks ask for.
  if (settings === undefined) return nothing;
  const launcher = slurmLauncher({
    ...{ study, directory, settings, setting, passingWeights, scheduler, inFlight: flight },
    before: {
      attempts: new Map(again.map(({ gang, attempts }) => [gang.job.name, attempts])),
      pauseSeconds: Math.max(...again.map(({ pauseSeconds }) => pauseSeconds)),
    },
  });
  const run = launcher.submit(again.map(({ gang }) => gang));
  const events: Submitted[] = [];
  for await (const event of run.events) if (event.event === 'submitted') events.push(event);
  const { failure } = await run.end;
  return { events, failure };
}
