// The end of a run: profile, results and report, and which networks are not there.
import type { GangFailure } from '../study/run/launcher.js';
import type { RunOutcome } from '../study/run/run-study.js';
import { readResults } from '../study/store/results-file.js';
import type { Results } from '../study/results/types.js';
import type { EndEvent } from './events.js';
import type { OpenRun } from './open-run.js';
import { makeReport, type Report } from './report.js';
import { unfinishedNetworks } from './unfinished.js';
import { writeProfile } from './usage-log.js';

/** How a run ended. */
export interface RunEnd {
  /** `finished`: nothing is left to do, though networks may have failed (`unfinished`). `stopped`:
   *  asked to end, everything is saved, and the same run resumes. `failed`: this machine cannot
   *  train, `failure` says why. */
  readonly outcome: EndEvent['outcome'];
  /** The study's folder, absolute. */
  readonly directory: string;
  /** results.json as it is now. */
  readonly results: Results;
  /** What was written at the end; null unless the run finished. */
  readonly report: Report | null;
  /** Names of networks that were wanted and are neither done nor dead. */
  readonly unfinished: readonly string[];
  /** What every gang would meet, such as a missing library; null if there was nothing. */
  readonly failure: GangFailure | null;
  /** Largest resident memory of any worker; null if none said it. */
  readonly peakResidentBytes: number | null;
}

/** Writes what a run leaves behind. */
export async function endRun(run: OpenRun, trained: RunOutcome): Promise<RunEnd> {
  const { directory, plan, only, usage, engine, workers, executor } = run;
  if (engine.profile && usage.gangs.length > 0) {
    writeProfile(directory, usage.gangs, executor.info, workers);
  }
  const { failure } = trained;
  const isWhole = trained.outcome !== 'stopped';
  const outcome = !isWhole ? 'stopped' : failure !== null ? 'failed' : 'finished';
  const report = outcome === 'finished' ? await makeReport(directory) : null;
  const wanted = plan.networks.filter(only);
  return {
    ...{ outcome, directory, report, failure },
    results: report?.results ?? readResults(directory),
    unfinished: unfinishedNetworks(wanted, trained.states).map(({ name }) => name),
    peakResidentBytes: usage.peakResidentBytes,
  };
}

/** The end as an event. */
export function endEvent(end: RunEnd): EndEvent {
  const { outcome, directory, report, peakResidentBytes, unfinished, failure } = end;
  return {
    ...{ event: 'end', outcome, directory },
    ...(report === null ? {} : { report: report.path }),
    ...{ peakResidentBytes, unfinished },
    ...(failure === null ? {} : { message: failure.message }),
  };
}
