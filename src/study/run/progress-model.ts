// What is known of a run's progress, from its events; no clock and no terminal here.
import type { StudyEvent } from './run-study.js';

/** Cost of each gang of a run, in any unit. */
export interface GangCost {
  readonly name: string;
  readonly networks: readonly string[];
  readonly cost: number;
}

/** A moment of a run. */
export interface ProgressView {
  /** Share of the work of this run that is done, 0..1. */
  readonly fraction: number;
  readonly networksDone: number;
  readonly networks: number;
  /** Gangs at work. */
  readonly gang: string;
  readonly gangNetworks: number;
  /** Mean of the last tests of these gangs' networks; null before the first test. */
  readonly accuracy: number | null;
  /** Training images a second through all networks at work, as last heard. */
  readonly imagesPerSecond: number | null;
  /** Null until some work was timed. */
  readonly secondsLeft: number | null;
}

/** A gang at work: where it stood when first heard, and where it stands. */
interface Current {
  readonly gang: GangCost;
  readonly startedAt: number;
  first: { readonly part: number; readonly at: number } | null;
  last: { readonly part: number; readonly at: number } | null;
  readonly tests: Map<string, number>;
  imagesPerSecond: number | null;
}

/** Follows a run; several gangs may be at work. Times are given from outside, in seconds. */
export class ProgressModel {
  readonly #gangs: readonly GangCost[];
  readonly #begun = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #running = new Map<string, Current>();
  #doneCost = 0;
  // Of gangs that have ended: work and time between first and last step; of all: time before first
  // steps.
  #timedCost = 0;
  #timedSeconds = 0;
  #startSeconds = 0;
  #starts = 0;

  constructor(gangs: readonly GangCost[]) {
    this.#gangs = gangs;
  }

  /** Takes in an event that was heard at `now`. */
  on(event: StudyEvent, now: number): void {
    if (event.event === 'study') return;
    if (event.event === 'gang') {
      this.#begun.add(event.gang);
      const gang = this.#find(event.gang);
      if (!gang) return;
      const fresh = { gang, startedAt: now, first: null, last: null, tests: new Map() };
      this.#running.set(event.gang, { ...fresh, imagesPerSecond: null });
    } else if (event.event === 'skipped') {
      const gang = this.#find(event.gang);
      // What is left of a gang of which some are skipped starts after this.
      if (gang?.networks.length !== event.networks.length) return;
      this.#begun.add(event.gang);
      this.#doneCost += gang.cost;
    } else if (event.event === 'finished' || event.event === 'gang-failed') {
      this.#close(event.gang);
    } else if (event.event === 'ended') {
      this.#ended.add(event.network);
    } else {
      const current = this.#running.get(event.gang);
      if (!current) return;
      if (event.event === 'test') current.tests.set(event.network, event.accuracy);
      if (event.event !== 'step') return;
      this.#step(current, event.iteration / event.iterations, now);
      if (event.seconds > 0) current.imagesPerSecond = event.images / event.seconds;
    }
  }

  /** The state of things. */
  view(): ProgressView {
    const total = this.#gangs.reduce((sum, { cost }) => sum + cost, 0);
    const running = [...this.#running.values()];
    const done = running.reduce(
      (sum, { gang, last }) => sum + gang.cost * (last?.part ?? 0),
      this.#doneCost,
    );
    const accuracies = running.flatMap(({ tests }) => [...tests.values()]);
    const rates = running.flatMap(({ imagesPerSecond }) => imagesPerSecond ?? []);
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    return {
      fraction: total === 0 ? 1 : Math.min(1, done / total),
      networksDone: this.#ended.size,
      networks: sum(this.#gangs.map(({ networks }) => networks.length)),
      gang: running.map(({ gang }) => gang.name).join(', '),
      gangNetworks: sum(running.map(({ gang }) => gang.networks.length)),
      accuracy: accuracies.length === 0 ? null : sum(accuracies) / accuracies.length,
      imagesPerSecond: rates.length === 0 ? null : sum(rates),
      secondsLeft: this.#secondsLeft(total - done),
    };
  }

  // Work left at the rate of one worker so far, and for each gang left the time that gangs take
  // before their first step; shared out among the workers.
  #secondsLeft(costLeft: number): number | null {
    const { cost, seconds } = this.#timed();
    if (!(cost > 0) || !(seconds > 0)) return null;
    const gangsLeft = this.#gangs.filter(({ name }) => !this.#begun.has(name)).length;
    const start = this.#starts === 0 ? 0 : this.#startSeconds / this.#starts;
    const workers = Math.max(1, this.#running.size);
    return (Math.max(0, (costLeft * seconds) / cost) + gangsLeft * start) / workers;
  }

  #timed(): { readonly cost: number; readonly seconds: number } {
    let [cost, seconds] = [this.#timedCost, this.#timedSeconds];
    for (const { gang, first, last } of this.#running.values()) {
      if (!first || !last) continue;
      cost += gang.cost * (last.part - first.part);
      seconds += last.at - first.at;
    }
    return { cost, seconds };
  }

  // A resumed gang starts in the middle: only what comes after its first step is timed.
  #step(current: Current, part: number, at: number): void {
    if (!current.first) {
      current.first = { part, at };
      this.#startSeconds += at - current.startedAt;
      this.#starts += 1;
    }
    current.last = { part, at };
  }

  #close(name: string): void {
    const current = this.#running.get(name);
    if (!current) return;
    const { cost, seconds } = this.#timed();
    this.#running.delete(name);
    const { cost: others, seconds: otherSeconds } = this.#timed();
    this.#timedCost += cost - others;
    this.#timedSeconds += seconds - otherSeconds;
    this.#doneCost += current.gang.cost;
  }

  #find(name: string): GangCost | undefined {
    return this.#gangs.find((gang) => gang.name === name);
  }
}
