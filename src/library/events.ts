// What a run says from its first look at the images to its end: the events of `run --json` and of
// the library's `run`. schema/events.schema.json is made of these types (npm run schemas).
import type { ErrorCode, FileIssue } from '../base/errors.js';
import type { Share, TriedShare } from '../study/store/calibration-file.js';
import type { StudyEvent } from '../study/run/run-study.js';

/** How a run ended, as an event. */
export interface EndEvent {
  readonly event: 'end';
  /** `finished`: nothing is left to do, though networks may have failed (`unfinished`). `stopped`:
   *  asked to end, everything is saved. `failed`: this machine cannot train, `message` says why. */
  readonly outcome: 'finished' | 'stopped' | 'failed';
  /** The study's folder. */
  readonly directory: string;
  /** Path of report.html; left out if none was written. */
  readonly report?: string;
  /** Largest resident memory of any worker; null if none said it. */
  readonly peakResidentBytes: number | null;
  /** Names of networks that are not there as the study wants them. */
  readonly unfinished: readonly string[];
  readonly message?: string;
}

/** One thing that a run says. `StudyEvent` has those of training. */
export type RunEvent =
  | StudyEvent
  /** How far decoding of images is: files so far, and the share of all. */
  | { readonly event: 'decoding'; readonly files: number; readonly fraction: number }
  /** Something worth knowing that is no mistake. */
  | { readonly event: 'remark'; readonly message: string }
  /** How many cores were shared out, where that was measured: workers, the threads of each, and
   *  what was tried. */
  | ({ readonly event: 'workers'; readonly tried: readonly TriedShare[] } & Share)
  /** Something that may make the results worse, or that was damaged. */
  | { readonly event: 'warning'; readonly message: string }
  | EndEvent;

/** Why a command could not be done, with `--json`; the library throws a `SelfferError` instead. */
export interface ErrorEvent {
  readonly event: 'error';
  readonly code: ErrorCode;
  /** What was found and wanted. */
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
  /** Problems of a user's file, all together. */
  readonly issues?: readonly FileIssue[];
}

/** How `run --on slurm` ended, unless everything was done already. */
export interface SubmissionEndEvent {
  readonly event: 'end';
  readonly outcome: 'submitted' | 'stopped' | 'finished' | 'failed';
  readonly directory: string;
  /** Networks that were submitted now, in so many tasks of these jobs. */
  readonly networks: number;
  readonly tasks: number;
  readonly jobs: readonly string[];
  /** Networks that were in the queue already. */
  readonly inFlight: number;
  readonly message?: string;
}

/** One line of `selffer run --json`. */
export type CommandEvent = RunEvent | ErrorEvent | SubmissionEndEvent;

/** Hears a run's events. */
export type OnRunEvent = (event: RunEvent) => void;
