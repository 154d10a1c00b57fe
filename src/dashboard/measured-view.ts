// What was measured of a study's networks without training, as its folder has it now.
import { RunStoreError } from '../base/errors.js';
import { stampOf } from '../runs/view.js';
import { measurementsPath, readMeasurements } from '../study/measurements/measurements-file.js';
import type { Measurements } from '../study/measurements/types.js';
import { validMeasurements } from '../study/measurements/valid.js';
import type { FolderGuard } from './folder-guard.js';
import type { PlanView } from './plan-view.js';

const MOST_BYTES = 64 * 2 ** 20;

/** Read anew when measurements.json changes, judged anew when networks end. */
export class MeasuredView {
  /** Grows when there are other measurements. */
  revision = 0;
  /** Those that speak of the runs that the folder has. */
  measurements: Measurements | null = null;
  /** What is left out, and why, in words. */
  problems: readonly string[] = [];
  readonly #path: string;
  readonly #directory: string;
  readonly #guard: FolderGuard;
  #stamp: string | null = null;
  #kept: Measurements | null = null;
  #damage: readonly string[] = [];
  // Of what the measurements were last held against.
  #plan: PlanView['plan'] | null = null;
  #ended = -1;

  constructor(directory: string, guard: FolderGuard) {
    this.#directory = directory;
    this.#path = measurementsPath(directory);
    this.#guard = guard;
  }

  /** Looks again, after the plan's networks were looked at. */
  look(planned: PlanView | null): void {
    const isOther = this.#read();
    const [plan, ended] = [planned?.plan ?? null, planned?.revision ?? 0];
    if (!isOther && plan === this.#plan && ended === this.#ended) return;
    [this.#plan, this.#ended] = [plan, ended];
    const recordOf = (name: string) => planned?.network(name)?.known.record ?? null;
    const valid =
      planned === null || this.#kept === null
        ? null
        : validMeasurements(this.#kept, planned.plan.networks, recordOf);
    this.measurements = valid?.measurements ?? null;
    this.problems = [...this.#damage, ...(valid?.stale ?? [])];
    if (isOther) this.revision++;
  }

  // True if the file is another than before.
  #read(): boolean {
    const problem = this.#guard.fileProblem(this.#path, MOST_BYTES);
    const stamp = problem ?? stampOf(this.#path);
    if (stamp === this.#stamp) return false;
    this.#stamp = stamp;
    this.#kept = null;
    this.#damage = problem === null ? [] : [problem];
    if (problem !== null) return true;
    try {
      this.#kept = readMeasurements(this.#directory);
    } catch (error) {
      if (!(error instanceof RunStoreError)) throw error;
      this.#damage = [`Measurements are left out: ${error.message}`];
    }
    return true;
  }
}
