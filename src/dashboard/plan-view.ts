// The networks of one plan, looked at again and again.
import type { LockOwner } from '../base/process-lock.js';
import { networkFiles } from '../runs/files.js';
import type { ResultsInput } from '../study/results/build.js';
import type { StudyFolder } from '../study/run/folder.js';
import { liveState, trainerOf } from '../study/run/live-state.js';
import type { PlanEntry, PlanFile } from '../study/store/plan-file.js';
import { networkResults, type RunState } from '../study/store/run-state.js';
import type { NetworkState } from './api.js';
import type { FolderGuard } from './folder-guard.js';
import { MetricsColumns } from './metrics-columns.js';
import { type LastTest, matchedPoints, networkState } from './network-states.js';

/** Networks that have ended seldom change: only every so many looks are they looked at. */
const ENDED_EVERY = 10;

/** A network of a plan as of the last look. */
export interface PlannedView {
  readonly entry: PlanEntry;
  readonly known: RunState;
}

/** See above. */
export class PlanView {
  readonly plan: PlanFile;
  /** Grows when what figures are made of has changed. */
  revision = 0;
  /** What figures are made of. */
  input: ResultsInput | null = null;
  /** What stands in the way of counting, in words. */
  problem: string | null = null;
  /** Somebody who trains one of the networks; null if nobody does. */
  trainer: LockOwner | null = null;
  readonly #folder: StudyFolder;
  readonly #guard: FolderGuard;
  readonly #entries: ReadonlyMap<string, PlanEntry>;
  readonly #curves = new Map<string, MetricsColumns>();
  /** Networks that are not read, and why. */
  readonly #refused = new Map<string, string>();
  #states: ReadonlyMap<string, RunState> = new Map();
  #records: readonly unknown[] = [];
  #matched: ReadonlyMap<string, number> = new Map();
  #looks = 0;

  constructor(plan: PlanFile, folder: StudyFolder, guard: FolderGuard) {
    this.plan = plan;
    this.#folder = folder;
    this.#guard = guard;
    // Of several networks of one name, the first: one folder is all that they have.
    const entries = new Map<string, PlanEntry>();
    for (const each of plan.networks) if (!entries.has(each.name)) entries.set(each.name, each);
    this.#entries = entries;
  }

  /** Looks again. @returns all networks as they are now */
  look(): readonly NetworkState[] {
    this.#refresh(this.#looks++ % ENDED_EVERY === 0);
    this.#count();
    this.trainer = null;
    return [...this.#entries.values()].map((entry) => {
      const known = this.#states.get(entry.name) as RunState;
      const last = known.state === 'running' ? this.#lastTest(entry.name) : null;
      const matchedPt = this.#matched.get(entry.name) ?? null;
      const now = liveState(known, () => this.#trainerOf(entry.name));
      return networkState(entry, this.plan, { known: now, last, matchedPt });
    });
  }

  /** A network; null if the plan has none of this name. */
  network(name: string): PlannedView | null {
    const entry = this.#entries.get(name);
    const known = this.#states.get(name);
    return entry === undefined || known === undefined ? null : { entry, known };
  }

  /** Names of the networks that copy `name`. */
  copiesOf(name: string): readonly string[] {
    return [...this.#entries.values()].flatMap((each) =>
      each.requires === name ? [each.name] : [],
    );
  }

  /** The tests of a network as they are now; null of one that the plan does not have or that is not
   *  read. */
  curve(name: string): MetricsColumns | null {
    if (!this.#entries.has(name) || this.#guard.networkProblem(name) !== null) return null;
    const curve = this.#curveOf(name);
    curve.look();
    return curve;
  }

  #refresh(isFull: boolean): void {
    for (const name of this.#entries.keys()) {
      const isEnded = this.#states.get(name)?.record != null;
      if (isEnded && !isFull) continue;
      const problem = this.#guard.networkProblem(name) ?? this.#readProblem(name);
      if (problem === null) this.#refused.delete(name);
      else this.#refused.set(name, problem);
    }
    const entries = [...this.#entries.values()];
    const states = new Map(
      this.#folder.states(entries.filter(({ name }) => !this.#refused.has(name))),
    );
    for (const [name, message] of this.#refused) {
      states.set(name, { state: 'missing', record: null, message });
    }
    this.#states = states;
  }

  #readProblem(name: string): string | null {
    try {
      this.#folder.refresh([name]);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  // Anew if networks have ended since the last look.
  #count(): void {
    const records = [...this.#entries.keys()].map((name) => this.#states.get(name)?.record);
    const isSame = records.every((record, at) => record === this.#records[at]);
    if (this.#looks > 1 && isSame) return;
    this.#records = records;
    this.revision++;
    const { study } = this.plan;
    try {
      const own = { ...this.plan, networks: [...this.#entries.values()] };
      this.input = { study, networks: networkResults(own, this.#states) };
      this.#matched = matchedPoints(this.input);
      this.problem = null;
    } catch (error) {
      this.input = null;
      this.problem = `what plan.json says of its networks cannot be read: ${(error as Error).message}`;
    }
  }

  #trainerOf(name: string): LockOwner | null {
    const owner = trainerOf(this.#folder.directory, name);
    this.trainer ??= owner;
    return owner;
  }

  #lastTest(name: string): LastTest | null {
    const curve = this.#curveOf(name);
    curve.look();
    const iteration = curve.column('iteration').at(-1);
    const accuracy = curve.column('accuracy').at(-1);
    return iteration === undefined || accuracy === undefined ? null : { iteration, accuracy };
  }

  #curveOf(name: string): MetricsColumns {
    const known = this.#curves.get(name);
    if (known !== undefined) return known;
    const curve = new MetricsColumns(networkFiles(this.#folder.directory, name).metrics);
    this.#curves.set(name, curve);
    return curve;
  }
}
