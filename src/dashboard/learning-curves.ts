// Learning curves for the figures of the page: read by the thread that makes these, for a large
// study has a million tests, and only the points that are drawn are kept.
import { type LearningCurve, pointsDrawn } from '../figures/learning-curves.js';
import { networkFiles } from '../runs/files.js';
import { readSomeMetrics } from '../runs/metrics.js';
import { stampOf } from '../runs/view.js';
import { FolderGuard } from './folder-guard.js';

/** Studies whose curves are remembered. */
const KEPT = 4;

/** The tests of a study's networks, each read again only when it has changed. */
class StudyCurves {
  readonly #directory: string;
  readonly #guard: FolderGuard;
  readonly #read = new Map<string, { readonly stamp: string; readonly curve: LearningCurve }>();

  /** @param directory a real path */
  constructor(directory: string) {
    this.#directory = directory;
    this.#guard = new FolderGuard(directory);
  }

  curves(names: readonly string[]): readonly LearningCurve[] {
    this.#guard.forget();
    const most = pointsDrawn(names.length);
    return names.flatMap((name) => this.#curveOf(name, most) ?? []);
  }

  // Null of a network without tests, or whose files are not read: its state says why.
  #curveOf(name: string, most: number): LearningCurve | null {
    if (this.#guard.networkProblem(name) !== null) return null;
    const path = networkFiles(this.#directory, name).metrics;
    const file = stampOf(path);
    if (file === null) return null;
    const stamp = `${file} ${most}`;
    const known = this.#read.get(name);
    if (known?.stamp === stamp) return known.curve;
    try {
      const curve = { name, tests: readSomeMetrics(path, most) };
      this.#read.set(name, { stamp, curve });
      return curve;
    } catch {
      // Gone since it was looked at.
      return null;
    }
  }
}

/** Learning curves of several studies. */
export class CurveReader {
  readonly #studies = new Map<string, StudyCurves>();

  /** Curves of the networks that have tests, thinned to what a figure draws.
   *  @param directory a real path
   *  @param names of networks of the study's plan */
  curves(directory: string, names: readonly string[]): readonly LearningCurve[] {
    const study = this.#studies.get(directory) ?? new StudyCurves(directory);
    this.#studies.delete(directory);
    this.#studies.set(directory, study);
    const [oldest] = this.#studies.keys();
    if (this.#studies.size > KEPT && oldest !== undefined) this.#studies.delete(oldest);
    return study.curves(names);
  }
}
