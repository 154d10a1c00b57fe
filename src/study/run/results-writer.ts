// results.json while a study runs: rewritten as networks end.
import { writeResults } from '../store/results-file.js';
import type { StudyFolder } from './folder.js';

/** At most this share of the time goes into rewriting results.json. */
const SHARE = 0.1;

/** Rewrites results.json. Networks that end together make one write, and in a large study, whose
 *  results take long to write, those that end close together do too. */
export class ResultsWriter {
  readonly #folder: StudyFolder;
  #timer: NodeJS.Timeout | null = null;
  #lastMs = 0;
  #lastEnd = -Infinity;

  constructor(folder: StudyFolder) {
    this.#folder = folder;
  }

  /** Writes soon. */
  writeSoon(): void {
    if (this.#timer !== null) return;
    const pause = this.#lastMs / SHARE - (performance.now() - this.#lastEnd);
    this.#timer = setTimeout(() => this.write(), Math.max(0, pause));
  }

  /** Writes now what the folder's view knows. */
  write(): void {
    this.cancel();
    if (this.#folder.plan() === null) return;
    const started = performance.now();
    writeResults(this.#folder.directory, this.#folder);
    this.#lastEnd = performance.now();
    this.#lastMs = this.#lastEnd - started;
  }

  /** Forgets a write that was to come soon. */
  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
