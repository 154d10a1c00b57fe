// The tests of one network out of all its logs: jobs that were resumed overlap, parts of a file may
// be out of order, jobs crash.
import type { LogEvent, LogLine } from './log-line.js';

/** One test of a network. */
export interface LoggedTest {
  readonly iteration: number;
  /** When it began, in milliseconds of the calendar. */
  readonly time: number;
  readonly accuracy: number;
  readonly loss: number | null;
  /** Mean of the minibatch losses that the same process logged since its last test; null if it
   *  logged none. */
  readonly trainLoss: number | null;
  /** As logged last before the test; null if it was not. */
  readonly learningRate: number | null;
}

interface OpenTest {
  readonly iteration: number;
  readonly time: number;
  readonly trainLoss: number | null;
  readonly learningRate: number | null;
  accuracy: number | null;
  loss: number | null;
}

/** What is known of a process at the place that is being read. */
interface ProcessState {
  readonly began: number;
  latest: number;
  learningRate: number | null;
  lossSum: number;
  lossCount: number;
  open: OpenTest | null;
}

/** Takes the lines of a network's logs, file by file, in any order of files. */
export class TestCollector {
  readonly #tests = new Map<number, LoggedTest>();
  readonly #processes = new Map<string, ProcessState>();
  #seconds = 0;

  /** Takes one line. */
  take({ process, time, event }: LogLine): void {
    const found = this.#processes.get(process);
    const state = found ?? freshState(time);
    if (!found) this.#processes.set(process, state);
    state.latest = Math.max(state.latest, time);
    // Whatever is not a score says that the scores before it are all there are.
    if (event.kind !== 'score') this.#close(state, true);
    takeEvent(state, time, event);
  }

  /** Ends a file: a test that its end cut short is dropped. */
  endFile(): void {
    for (const state of this.#processes.values()) {
      this.#close(state, false);
      this.#seconds += Math.max(0, state.latest - state.began) / 1000;
    }
    this.#processes.clear();
  }

  /** All tests by ascending iteration. */
  tests(): LoggedTest[] {
    return [...this.#tests.values()].sort((a, b) => a.iteration - b.iteration);
  }

  /** Time between first and last line of each process, summed. */
  seconds(): number {
    return this.#seconds;
  }

  #close(state: ProcessState, isFollowed: boolean): void {
    const { open } = state;
    state.open = null;
    if (open === null || open.accuracy === null || (open.loss === null && !isFollowed)) return;
    const test = { ...open, accuracy: open.accuracy };
    const before = this.#tests.get(test.iteration);
    // Jobs were resumed from snapshots, so some iterations were tested twice: what counts is what
    // training resumed from.
    if (before === undefined || before.time <= test.time) this.#tests.set(test.iteration, test);
  }
}

function freshState(time: number): ProcessState {
  return { began: time, latest: time, learningRate: null, lossSum: 0, lossCount: 0, open: null };
}

function takeEvent(state: ProcessState, time: number, event: LogEvent): void {
  if (event.kind === 'rate') state.learningRate = event.learningRate;
  else if (event.kind === 'train-loss') {
    if (event.loss === null) return;
    state.lossSum += event.loss;
    state.lossCount += 1;
  } else if (event.kind === 'score') {
    if (state.open !== null) state.open[event.score] ??= event.value;
  } else if (event.net === 0) {
    // Test nets after the first are other data: their scores find no open test.
    state.open = {
      iteration: event.iteration,
      time,
      trainLoss: state.lossCount === 0 ? null : state.lossSum / state.lossCount,
      learningRate: state.learningRate,
      accuracy: null,
      loss: null,
    };
    state.lossSum = 0;
    state.lossCount = 0;
  }
}
