// A view of a study's folder that remembers: a network that has ended costs reading its own files,
// not those of all.
import { networkFiles } from '../../runs/files.js';
import type { Answers } from '../../runs/answers.js';
import type { MetricsLine } from '../../runs/metrics.js';
import { RunView, stampOf } from '../../runs/view.js';
import type { NetworkResult } from '../results/types.js';
import { type PlanEntry, type PlanFile, planPath, readPlanFile } from '../store/plan-file.js';
import { networkResults, type RunState, runState } from '../store/run-state.js';

/** What a study's folder says. Each network's files are looked at when it is first asked for, and
 *  again only on {@link StudyFolder.refresh}. */
export class StudyFolder {
  readonly directory: string;
  readonly #runs = new Map<string, RunView>();
  #plan: { readonly stamp: string | null; readonly file: PlanFile | null } | null = null;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** plan.json as it is now, read only if it has changed; null if there is none.
   *  @throws RunStoreError if it is damaged or of another schema */
  plan(): PlanFile | null {
    const stamp = stampOf(planPath(this.directory));
    if (this.#plan === null || stamp !== this.#plan.stamp) {
      this.#plan = { stamp, file: readPlanFile(this.directory) };
    }
    return this.#plan.file;
  }

  /** Looks again at these networks, or at all that were asked for so far; reads what changed. */
  refresh(names: Iterable<string> = this.#runs.keys()): void {
    for (const name of names) this.#view(name).look();
  }

  /** States of the networks, by name; each comes after the base it copies. A network whose base is
   *  dead, failed or missing is itself missing: there is nothing sound to copy. */
  states(networks: readonly PlanEntry[]): ReadonlyMap<string, RunState> {
    const states = new Map<string, RunState>();
    for (const network of networks) {
      const base = network.requires === null ? undefined : states.get(network.requires);
      states.set(network.name, runState(network, this.#known(network.name), base));
    }
    return states;
  }

  /** Results of all networks of plan.json, as `buildResults` takes them. */
  networkResults(plan: PlanFile): readonly NetworkResult[] {
    return networkResults(plan, this.states(plan.networks));
  }

  /** All tests of a network so far; only lines that were added since the last call are read.
   *  Damaged ones are left out: {@link StudyFolder.damage} says so. */
  tests(name: string): readonly MetricsLine[] {
    return this.#view(name).tests();
  }

  /** Right and wrong answers of a network's last test, image by image; null if it left none:
   *  older runs, imported ones and those that failed. Damaged ones are left out:
   *  {@link StudyFolder.damage} says so. */
  answers(name: string): Answers | null {
    return this.#known(name).answers();
  }

  /** What of the networks that were asked for is damaged and does no harm but to what is shown. */
  damage(): readonly string[] {
    return [...this.#runs].flatMap(([name, { damagedLines, answersDamage }]) => [
      ...(damagedLines === 0
        ? []
        : [
            `${name}: ${damagedLines} damaged ${damagedLines === 1 ? 'line' : 'lines'} of its metrics.jsonl left out`,
          ]),
      ...(answersDamage === null ? [] : [`${name}: answers by image left out: ${answersDamage}`]),
    ]);
  }

  #known(name: string): RunView {
    const known = this.#runs.get(name);
    if (known !== undefined) return known;
    const view = this.#view(name);
    view.look();
    return view;
  }

  #view(name: string): RunView {
    let view = this.#runs.get(name);
    if (view === undefined) {
      view = new RunView(networkFiles(this.directory, name));
      this.#runs.set(name, view);
    }
    return view;
  }
}
