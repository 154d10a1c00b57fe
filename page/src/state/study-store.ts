// A study as it stands, kept current by the server's events. Every network is a signal of its own,
// so that an event redraws the cells of the networks that it is about and nothing else.
import { batch, computed, type ReadonlySignal, signal, type Signal } from '@preact/signals';
import type {
  NetworkState,
  NetworkStateName,
  RunState,
  StudyEvents,
  StudyState,
} from '../../../src/dashboard/api.js';
import { stepFor } from '../grid/bins.js';
import { progressOf, stateNames } from '../words/network-words.js';
import { type Filter, matcher, noFilter } from './filter.js';
import type { Trouble } from './api-client.js';

/** What does not change while networks are trained. */
export type Plan = Omit<StudyState, 'networks' | 'run' | 'problems' | 'figuresRevision'> & {
  /** Names in the order of the plan. */
  readonly names: readonly string[];
};

/** How the page hears of a study. */
export type Connection = 'connecting' | 'live' | 'lost';

/** How far a study is. */
export interface Tally {
  readonly total: number;
  readonly counts: Readonly<Record<NetworkStateName, number>>;
  /** Iterations that are behind, of all that are to be trained, 0..1. */
  readonly fraction: number;
  /** Width of a colour's class, see grid/bins.ts. */
  readonly stepPt: number;
}

/** One study of the page. */
export class StudyStore {
  readonly id: string;
  /** Null until the server has said it. */
  readonly plan: Signal<Plan | null> = signal(null);
  readonly run: Signal<RunState | null> = signal(null);
  readonly problems: Signal<readonly string[]> = signal([]);
  readonly figuresRevision = signal(0);
  readonly connection: Signal<Connection> = signal('connecting');
  /** Why nothing can be shown. */
  readonly trouble: Signal<Trouble | null> = signal(null);
  /** Grows with every change of a network. */
  readonly revision = signal(0);
  readonly filter: Signal<Filter> = signal(noFilter);
  /** Names of networks that are compared. */
  readonly selected: Signal<ReadonlySet<string>> = signal(new Set());
  /** What stands in cells. */
  readonly show: Signal<'accuracy' | 'difference'> = signal('accuracy');
  readonly tally: ReadonlySignal<Tally> = computed(() => this.#tally());
  /** The step alone: cells depend on it, and it seldom changes. */
  readonly stepPt: ReadonlySignal<number> = computed(() => this.tally.value.stepPt);
  readonly matches: ReadonlySignal<(network: NetworkState) => boolean> = computed(() =>
    matcher(this.filter.value),
  );
  readonly #networks = new Map<string, Signal<NetworkState>>();

  constructor(id: string) {
    this.id = id;
  }

  /** A network of the plan. */
  network(name: string): ReadonlySignal<NetworkState> | undefined {
    return this.#networks.get(name);
  }

  /** All networks as they stand, in the order of the plan. Whoever calls this hears of every
   *  change. */
  all(): readonly NetworkState[] {
    void this.revision.value;
    const names = this.plan.value?.names ?? [];
    return names.flatMap((name) => this.#networks.get(name)?.peek() ?? []);
  }

  /** Takes in an event of the server. */
  on<K extends keyof StudyEvents>(kind: K, event: StudyEvents[K]): void {
    batch(() => this.#handlers[kind](event));
  }

  /** Adds or removes a network of the comparison. */
  toggle(name: string): void {
    const next = new Set(this.selected.peek());
    if (!next.delete(name)) next.add(name);
    this.selected.value = next;
  }

  readonly #handlers: { readonly [K in keyof StudyEvents]: (event: StudyEvents[K]) => void } = {
    study: (study) => this.#onStudy(study),
    networks: (networks) => this.#onNetworks(networks),
    run: (run) => (this.run.value = run),
    figures: ({ revision }) => (this.figuresRevision.value = revision),
    problems: (problems) => (this.problems.value = problems),
  };

  #onStudy({ networks, run, problems, figuresRevision, ...rest }: StudyState): void {
    this.run.value = run;
    this.problems.value = problems;
    this.figuresRevision.value = figuresRevision;
    this.trouble.value = null;
    this.#onNetworks(networks);
    const names = networks.map(({ name }) => name);
    const plan: Plan = { ...rest, names };
    // The same plan again, after a connection was lost: nothing is drawn anew.
    if (JSON.stringify(plan) !== JSON.stringify(this.plan.peek())) this.plan.value = plan;
  }

  #onNetworks(networks: readonly NetworkState[]): void {
    for (const network of networks) {
      const known = this.#networks.get(network.name);
      if (known === undefined) this.#networks.set(network.name, signal(network));
      else if (!isSame(known.peek(), network)) known.value = network;
    }
    this.revision.value = this.revision.peek() + 1;
  }

  #tally(): Tally {
    const counts = Object.fromEntries(stateNames.map((name) => [name, 0])) as Tally['counts'];
    const mutable = counts as Record<NetworkStateName, number>;
    const differences: number[] = [];
    let [behind, wanted] = [0, 0];
    const networks = this.all();
    for (const network of networks) {
      mutable[network.state]++;
      if (network.state !== 'missing') {
        wanted += network.iterations;
        behind += network.iterations * progressOf(network);
      }
      const { matchedPt, treatment } = network;
      if (network.state === 'done' && matchedPt !== null && treatment !== 'base')
        differences.push(matchedPt);
    }
    const fraction = wanted === 0 ? 0 : behind / wanted;
    return { total: networks.length, counts, fraction, stepPt: stepFor(differences) };
  }
}

function isSame(a: NetworkState, b: NetworkState): boolean {
  return (Object.keys(b) as (keyof NetworkState)[]).every((key) => a[key] === b[key]);
}
