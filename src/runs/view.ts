// What a run's folder says, remembered until its files change: looking again costs a question to
// the system for each file, and reading only what is new.
import { type Stats, statSync } from 'node:fs';
import { RunStoreError } from '../base/errors.js';
import { type Answers, readAnswers } from './answers.js';
import { readFailure } from './failure.js';
import type { RunFiles } from './files.js';
import type { MetricsLine } from './metrics.js';
import { MetricsTail } from './metrics-tail.js';
import { readRecord, type RunRecord } from './record.js';

/** A view of one run. It knows nothing before the first {@link RunView.look}. */
export class RunView {
  /** run.json; null if the run has not ended. */
  record: RunRecord | null = null;
  /** Whether a checkpoint or metrics are there. */
  isBegun = false;
  /** What is wrong with answers.bin, as last read; null if nothing is. */
  answersDamage: string | null = null;
  #answers: Answers | null | undefined;
  #finalTests: readonly MetricsLine[] | undefined;
  #failure: string | null = null;
  #damage: string | null = null;
  readonly #files: RunFiles;
  #recordStamp: string | null = null;
  #failureStamp: string | null = null;
  readonly #metrics: MetricsTail;
  #tests: readonly MetricsLine[] = [];

  constructor(files: RunFiles) {
    this.#files = files;
    this.#metrics = new MetricsTail(files.metrics);
  }

  /** Lines of metrics.jsonl, as last read, that are none. */
  get damagedLines(): number {
    return this.#metrics.damagedLines;
  }

  /** Why it stopped without an end of its own, or cannot be known to have ended; null if nothing
   *  is noted. */
  get failure(): string | null {
    return this.#damage ?? this.#failure;
  }

  /** Looks again. */
  look(): void {
    const { record, failure, checkpoint, metrics } = this.#files;
    const recordStamp = stampOf(record);
    if (recordStamp !== this.#recordStamp) {
      this.#recordStamp = recordStamp;
      this.#answers = undefined;
      this.#finalTests = undefined;
      this.#readRecord(record, recordStamp !== null);
    }
    const failureStamp = stampOf(failure);
    if (failureStamp !== this.#failureStamp) {
      this.#failure = failureStamp === null ? null : readFailure(failure);
      this.#failureStamp = failureStamp;
    }
    this.isBegun = stampOf(checkpoint) !== null || stampOf(metrics) !== null;
  }

  // A damaged run.json is that of a run that failed, and hides none of the others. The next run of
  // the study sets it aside.
  #readRecord(path: string, isThere: boolean): void {
    this.record = null;
    this.#damage = null;
    if (!isThere) return;
    try {
      this.record = readRecord(path);
    } catch (error) {
      if (!(error instanceof RunStoreError)) throw error;
      this.#damage = `${error.message}; run the study again to train it anew`;
    }
  }

  /** All whole lines of metrics.jsonl as it is now, except damaged ones; only those that were added
   *  are read. */
  tests(): readonly MetricsLine[] {
    const news = this.#metrics.look();
    if (news !== null) this.#tests = news.isMore ? [...this.#tests, ...news.lines] : news.lines;
    return this.#tests;
  }

  /** Right and wrong answers of the last test of a run that has ended; null if it has not, or left
   *  none that are whole and its own. They are written before run.json: read again only if that
   *  changes. */
  answers(): Answers | null {
    if (this.record === null) return null;
    if (this.#answers !== undefined) return this.#answers;
    const path = this.#files.answers;
    this.answersDamage = null;
    this.#answers = null;
    try {
      const isThere = stampOf(path) !== null;
      const found = isThere ? readAnswers(path, this.record.identity) : null;
      const { valImages } = this.record;
      if (found === null || found.images === valImages) this.#answers = found;
      else {
        this.answersDamage = `${path}: has answers to ${found.images} images, the test had ${valImages}`;
      }
    } catch (error) {
      if (!(error instanceof RunStoreError)) throw error;
      this.answersDamage = error.message;
    }
    return this.#answers;
  }

  /** {@link RunView.tests} of a run that has ended, none of others. They are written before
   *  run.json: read again only if that changes. */
  finalTests(): readonly MetricsLine[] {
    if (this.record === null) return [];
    this.#finalTests ??= this.tests();
    return this.#finalTests;
  }

  /** Mean training loss before the last test of a run that has ended; null if it is not known.
   *  Records of earlier versions do not say it, their metrics do. */
  finalTrainLoss(): number | null {
    if (this.record === null) return null;
    if (this.record.finalTrainLoss !== undefined) return this.record.finalTrainLoss;
    try {
      return this.tests().at(-1)?.trainLoss ?? null;
    } catch {
      return null;
    }
  }
}

/** Where a run of `identity` is, by its own files alone: a run.json of another identity is none. */
export function standingOfRun(
  { record, failure, isBegun }: Pick<RunView, 'record' | 'failure' | 'isBegun'>,
  identity: string | null,
): RunRecord['state'] | 'failed' | 'running' | 'waiting' {
  if (record !== null && record.identity === identity) return record.state;
  if (failure !== null) return 'failed';
  return record === null && isBegun ? 'running' : 'waiting';
}

/** What changes whenever a file is written anew; null if it is not there. */
export function stampOf(path: string): string | null {
  const stats = statsOf(path);
  return stats === null ? null : textOf(stats);
}

function textOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs}`;
}

// A file that cannot be asked about, such as one below another file, is not there.
function statsOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
