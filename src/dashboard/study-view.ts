// A study's folder as the page shows it, looked at again and again: a look costs questions to the
// system, and reading what has changed. Whatever the folder holds, a look does not fail: what is
// wrong is said in words.
import { SelfferError } from '../base/errors.js';
import { type ProcessOwner, thisProcess } from '../base/process-owner.js';
import type { ResultsInput } from '../study/results/build.js';
import { StudyFolder } from '../study/run/folder.js';
import { type LiveNumbers, readLive } from '../study/store/live-file.js';
import { lockOwner } from '../study/store/lock.js';
import type { NetworkState } from './api.js';
import { FolderGuard } from './folder-guard.js';
import { MeasuredView } from './measured-view.js';
import { isSameState, keptState, matchedPoints } from './network-states.js';
import { PlanView } from './plan-view.js';
import type { FiguresSource, Holder, LookNews, StudyLook } from './study-look.js';
import { readSource, studyHead, type StudySource } from './study-source.js';

/** See above. It knows nothing before the first {@link StudyView.look}. */
export class StudyView {
  readonly directory: string;
  readonly guard: FolderGuard;
  readonly #id: string;
  readonly #folder: StudyFolder;
  readonly #measured: MeasuredView;
  #source: StudySource | null = null;
  #planned: PlanView | null = null;
  #kept: readonly NetworkState[] = [];
  #networks: ReadonlyMap<string, NetworkState> = new Map();
  #problems: readonly string[] = [];
  #holder: Holder | null = null;
  // Revisions of the figures: of earlier sources, and what was told last.
  #before = 0;
  #told = 0;

  /** @param directory a real path */
  constructor(id: string, directory: string) {
    this.directory = directory;
    this.guard = new FolderGuard(directory);
    this.#id = id;
    this.#folder = new StudyFolder(directory);
    this.#measured = new MeasuredView(directory, this.guard);
  }

  /** Looks again. @returns what has changed */
  look(): LookNews {
    this.guard.forget();
    const unread = this.guard.studyProblems();
    const read = this.#readSource(unread);
    const isOther = this.#take(read.source);
    const locked = this.#lockedBy(unread);
    const networks = this.#planned?.look(locked?.live?.gangs) ?? this.#kept;
    this.#measured.look(this.#planned);
    const problems = [
      ...unread.values(),
      ...(read.problem === null ? [] : [read.problem]),
      ...(this.#planned?.problem == null ? [] : [this.#planned.problem]),
      ...this.#folder.damage(),
      ...this.#measured.problems,
    ];
    return this.#tell(networks, problems, locked ?? this.#trainer(), isOther);
  }

  /** All that is known. */
  study(): { readonly study: StudyLook; readonly holder: Holder | null } {
    const head =
      this.#source === null
        ? { name: '', layers: 0, cutNames: [], treatments: [] }
        : studyHead(this.#source);
    const study = {
      ...{ id: this.#id, directory: this.directory, ...head },
      networks: [...this.#networks.values()],
      problems: this.#problems,
      figuresRevision: this.#told,
    };
    return { study, holder: this.#holder };
  }

  /** What figures are made of; null without a study, or where they cannot be made. */
  results(): FiguresSource {
    const kept = this.#source?.kind === 'results' ? this.#source.input : null;
    return {
      ...{ revision: this.#told, input: this.#planned?.input ?? kept },
      measurements: this.#measured.measurements,
      hasRuns: this.#planned !== null,
    };
  }

  /** The plan's networks; null of a folder without a plan. */
  get planned(): PlanView | null {
    return this.#planned;
  }

  /** State of a network as of the last look. */
  stateOf(name: string): NetworkState | undefined {
    return this.#networks.get(name);
  }

  #readSource(unread: ReadonlyMap<string, string>): {
    readonly source: StudySource | null;
    readonly problem: string | null;
  } {
    if (unread.has('plan')) return { source: null, problem: null };
    try {
      if (unread.has('results') && this.#folder.plan() === null) {
        return { source: null, problem: null };
      }
      return { source: readSource(this.#folder, this.#source), problem: null };
    } catch (error) {
      if (!(error instanceof SelfferError)) throw error;
      const { message, hint } = error;
      return { source: null, problem: hint === undefined ? message : `${message}. ${hint}` };
    }
  }

  /** True if it is another than before. */
  #take(source: StudySource | null): boolean {
    if (source === this.#source) return false;
    this.#before = this.#told + 1;
    this.#source = source;
    this.#planned =
      source?.kind === 'plan' ? new PlanView(source.plan, this.#folder, this.guard) : null;
    this.#kept = source?.kind === 'results' ? keptStates(source.input) : [];
    return true;
  }

  // A lock of this very process has a token that only the thread which took it knows.
  #lockedBy(unread: ReadonlyMap<string, string>): Holder | null {
    const liveOf = (owner: ProcessOwner): LiveNumbers | null =>
      unread.has('live') ? null : readLive(this.directory, owner);
    const own = thisProcess();
    const ownLive = liveOf(own);
    if (ownLive !== null) return { pid: own.pid, host: own.host, since: null, live: ownLive };
    const owner = unread.has('lock') ? null : lockOwner(this.directory);
    if (owner === null) return null;
    return { pid: owner.pid, host: owner.host, since: owner.since, live: liveOf(owner) };
  }

  // Networks that are trained without the folder's lock, as by a batch system, have trainers.
  #trainer(): Holder | null {
    const trainer = this.#planned?.trainer ?? null;
    if (trainer === null) return null;
    return { pid: trainer.pid, host: trainer.host, since: trainer.since, live: null };
  }

  #tell(
    networks: readonly NetworkState[],
    problems: readonly string[],
    holder: Holder | null,
    isOther: boolean,
  ): LookNews {
    const changed = networks.filter((each) => {
      const before = this.#networks.get(each.name);
      return before === undefined || !isSameState(before, each);
    });
    const revision = this.#before + (this.#planned?.revision ?? 0) + this.#measured.revision;
    const news: LookNews = {
      ...(changed.length === 0 ? {} : { networks: changed }),
      ...(isSame(holder, this.#holder) ? {} : { holder: { is: holder } }),
      ...(isSame(problems, this.#problems) ? {} : { problems }),
      ...(revision === this.#told ? {} : { figuresRevision: revision }),
    };
    this.#networks = new Map(networks.map((each) => [each.name, each]));
    this.#problems = problems;
    this.#holder = holder;
    this.#told = revision;
    return isOther ? { ...news, study: this.study().study } : news;
  }
}

function keptStates(input: ResultsInput): readonly NetworkState[] {
  const matched = matchedPoints(input);
  return input.networks.map((each) => keptState(each, matched.get(each.name) ?? null));
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
