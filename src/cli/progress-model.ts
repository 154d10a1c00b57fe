// What is known of a run's progress, from its events; no clock and no terminal here.
import type { StudyEvent } from '../study/run-study.js';

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
  readonly gang: string;
  readonly gangNetworks: number;
  /** Mean of the last tests of the gang's networks; null before the first test. */
  readonly accuracy: number | null;
  /** Training images a second through all networks of the gang, as last heard. */
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
}

/** Follows a run. Times are given from outside, in seconds. */
export class ProgressModel {
  readonly #gangs: readonly GangCost[];
  readonly #begun = new Set<string>();
  readonly #ended = new Set<string>();
  #current: Current | null = null;
  #doneCost = 0;
  // Of gangs before the current one: work and time between first and last step, and time before first steps.
  #timedCost = 0;
  #timedSeconds = 0;
  #startSeconds = 0;
  #starts = 0;
  #imagesPerSecond: number | null = null;

  constructor(gangs: readonly GangCost[]) {
    this.#gangs = gangs;
  }

  /** Takes in an event that was heard at `now`. */
  on(event: StudyEvent, now: number): void {
    if (event.event === 'gang' || event.event === 'skipped') {
      this.#close();
      this.#begun.add(event.gang);
      const gang = this.#gangs.find(({ name }) => name === event.gang);
      if (!gang) return;
      if (event.event === 'skipped') this.#doneCost += gang.cost;
      else this.#current = { gang, startedAt: now, first: null, last: null, tests: new Map() };
    } else if (event.event === 'step') {
      this.#step(event.iteration / event.iterations, now);
      if (event.seconds > 0) this.#imagesPerSecond = event.images / event.seconds;
    } else if (event.event === 'test') {
      this.#current?.tests.set(event.network, event.accuracy);
    } else if (event.event === 'ended') {
      this.#ended.add(event.network);
    }
  }

  /** The state of things. */
  view(): ProgressView {
    const total = this.#gangs.reduce((sum, { cost }) => sum + cost, 0);
    const { gang, last, tests } = this.#current ?? {};
    const done = this.#doneCost + (gang?.cost ?? 0) * (last?.part ?? 0);
    const accuracies = [...(tests?.values() ?? [])];
    return {
      fraction: total === 0 ? 1 : Math.min(1, done / total),
      networksDone: this.#ended.size,
      networks: this.#gangs.reduce((sum, { networks }) => sum + networks.length, 0),
      gang: gang?.name ?? '',
      gangNetworks: gang?.networks.length ?? 0,
      accuracy:
        accuracies.length === 0
          ? null
          : accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length,
      imagesPerSecond: this.#imagesPerSecond,
      secondsLeft: this.#secondsLeft(total - done),
    };
  }

  // Work left at the rate so far, and for each gang left the time that gangs take before their first step.
  #secondsLeft(costLeft: number): number | null {
    const { cost, seconds } = this.#timed();
    if (!(cost > 0) || !(seconds > 0)) return null;
    const gangsLeft = this.#gangs.filter(({ name }) => !this.#begun.has(name)).length;
    const start = this.#starts === 0 ? 0 : this.#startSeconds / this.#starts;
    return Math.max(0, (costLeft * seconds) / cost) + gangsLeft * start;
  }

  #timed(): { readonly cost: number; readonly seconds: number } {
    const { gang, first, last } = this.#current ?? {};
    if (!gang || !first || !last) return { cost: this.#timedCost, seconds: this.#timedSeconds };
    return {
      cost: this.#timedCost + gang.cost * (last.part - first.part),
      seconds: this.#timedSeconds + last.at - first.at,
    };
  }

  // A resumed gang starts in the middle: only what comes after its first step is timed.
  #step(part: number, at: number): void {
    if (!this.#current) return;
    if (!this.#current.first) {
      this.#current.first = { part, at };
      this.#startSeconds += at - this.#current.startedAt;
      this.#starts += 1;
    }
    this.#current.last = { part, at };
  }

  #close(): void {
    const { cost, seconds } = this.#timed();
    this.#timedCost = cost;
    this.#timedSeconds = seconds;
    this.#doneCost += this.#current?.gang.cost ?? 0;
    this.#current = null;
  }
}
