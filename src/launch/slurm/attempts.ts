// When a task that did not finish is tried again, and when it is given up. Attempts are counted as
// long as nothing new is saved: a task that gets on may be stopped as often as a cluster likes.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { type Check, count, objectOf, text } from '../../base/checks.js';
import type { ErrorCode } from '../../base/errors.js';
import { readChecked } from '../../base/json-file.js';

/** What is known of a task's attempts so far. */
export interface Attempts {
  /** Starts whose end was noted. Slurm counts starts too: those beyond these ended without a word,
   *  as when a node dies. */
  readonly ended: number;
  /** Attempts in a row that ended badly and saved nothing new. */
  readonly failures: number;
  /** Iterations of all networks that were saved, summed. */
  readonly progress: number;
  /** How the last one ended. */
  readonly message: string;
}

const attemptsCheck: Check<Attempts> = objectOf<Attempts>({
  ended: count,
  failures: count,
  progress: count,
  message: text,
});

/** How an attempt ended that did not train all that it could. */
export type BadEnd =
  /** The time limit was near: all is saved. */
  | { readonly kind: 'limit' }
  /** The node was wanted by others: all is saved. */
  | { readonly kind: 'preempted' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** What comes next. */
export type NextStep =
  | { readonly step: 'again'; readonly pauseSeconds: number; readonly attempts: Attempts }
  | { readonly step: 'give up'; readonly message: string };

/** Attempts in a row without anything new. */
const MOST_ATTEMPTS = 3;
const LONGEST_PAUSE_SECONDS = 3600;
/** A task that was stopped from outside needs no pause, but Slurm has to clear up. */
const SHORT_PAUSE_SECONDS = 5;

/** Seconds before the second attempt; null where another attempt would meet the same. */
const pauses = {
  native: 30,
  file: 60,
  fetch: 60,
  // Mostly a lease of a node that died, which is taken over after three minutes.
  'run-store': 200,
  usage: null,
  parse: null,
  data: null,
  shape: null,
  'op-param': null,
  'unsupported-op': null,
  'executor-missing': null,
  identity: null,
  plan: null,
  scheduler: null,
  internal: null,
} as const satisfies Record<ErrorCode, number | null>;

/** Attempts of a task that is started for the first time. */
const none: Attempts = { ended: 0, failures: 0, progress: 0, message: '' };

/** The attempts noted in a file; none if there is none. @throws RunStoreError if it is damaged */
export function readAttempts(path: string): Attempts {
  const hint = 'Remove the file: attempts are counted anew.';
  return readChecked(path, attemptsCheck, hint) ?? none;
}

/** Notes attempts. @throws FileError */
export function writeAttempts(path: string, attempts: Attempts): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic(path, `${JSON.stringify(attempts)}\n`);
}

/** Attempts as a start finds them, with those that ended without a word; or why there is no
 *  further one. @param starts of the task before this one, as Slurm counts them */
export function attemptsAtStart(
  known: Attempts,
  starts: number,
  progress: number,
): Attempts | { readonly giveUp: string } {
  const silent = Math.max(0, starts - known.ended);
  if (silent === 0) return { ...known, ended: starts };
  const isNew = progress > known.progress;
  const message = 'it ended without a word: its node died, or it was killed';
  if (!isNew && silent >= MOST_ATTEMPTS) return { giveUp: givenUp(silent, message) };
  // Counted apart: a node that dies, or is wanted by others at once, is no fault of the task.
  return { ended: starts, failures: isNew ? 0 : known.failures, progress, message };
}

/** What follows a bad end. @param progress saved iterations now */
export function nextStep(before: Attempts, end: BadEnd, progress: number): NextStep {
  const isNew = progress > before.progress;
  const isOthersDoing = end.kind === 'preempted';
  const failures = (isNew ? 0 : before.failures) + (isOthersDoing || isGood(end, isNew) ? 0 : 1);
  const message = messageOf(end, isNew);
  const first = end.kind === 'failed' ? pauseOf(end.code) : SHORT_PAUSE_SECONDS;
  if (first === null) return { step: 'give up', message };
  if (failures >= MOST_ATTEMPTS) return { step: 'give up', message: givenUp(failures, message) };
  const pause = end.kind === 'failed' ? first * 2 ** Math.max(0, failures - 1) : first;
  return {
    step: 'again',
    pauseSeconds: Math.min(LONGEST_PAUSE_SECONDS, pause),
    attempts: { ended: before.ended + 1, failures, progress, message },
  };
}

function isGood({ kind }: BadEnd, isNew: boolean): boolean {
  return kind === 'limit' && isNew;
}

function pauseOf(code: string): number | null {
  return Object.hasOwn(pauses, code) ? pauses[code as ErrorCode] : null;
}

function messageOf(end: BadEnd, isNew: boolean): string {
  if (end.kind === 'failed') return end.message;
  if (end.kind === 'preempted') return 'it was asked to end; all was saved';
  return isNew
    ? 'its time limit came; all was saved'
    : 'its time limit came before anything was trained: give a longer --time';
}

function givenUp(failures: number, message: string): string {
  return `given up after ${failures} attempts that saved nothing new; the last: ${message}`;
}
