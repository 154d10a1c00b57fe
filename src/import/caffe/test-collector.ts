// The tests of one network out of all its logs: jobs that were resumed overlap, runs were started
// again, parts of a file may be out of order, jobs crash.
import type { LogEvent, LogLine } from './log-line.js';
import { type ChosenOutputs, chooseOutputs } from './outputs.js';

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

/** What a network's logs say together. */
export interface CollectedTests {
  /** By ascending iteration, each iteration once. */
  readonly tests: readonly LoggedTest[];
  readonly outputs: ChosenOutputs;
  /** Numbers of the test nets that were logged. */
  readonly testNets: readonly number[];
  /** Last iterations of other runs from the beginning, which are left out. */
  readonly replaced: readonly number[];
  /** Starts that never got past iteration 0, which are left out. */
  readonly abandoned: number;
  /** Where the loss left all numbers, if it did not come back; null if it did. */
  readonly divergedAt: number | null;
  /** A value of the accuracy that is no fraction, of which there can be no such test. */
  readonly noFraction: number | null;
  /** Time that its jobs logged. */
  readonly seconds: number;
}

/** Which outputs of which test net are read. */
export interface CollectOptions {
  readonly testNet: number;
  /** Name of the output that is the accuracy; null: see `chooseOutputs`. */
  readonly accuracy: string | null;
}

/** What float32 makes of the loss of a class of probability 0: -ln(1.2e-38). */
const LOSS_OF_NOTHING = 87.3;

interface RawTest {
  readonly iteration: number;
  readonly time: number;
  readonly trainLoss: number | null;
  readonly learningRate: number | null;
  readonly isLost: boolean;
  readonly outputs: Map<string, number | null>;
}

/** Part of a log in which iterations ascend: one start of one process. */
interface Session {
  readonly began: number;
  latest: number;
  isResumed: boolean;
  first: number | null;
  last: number;
  learningRate: number | null;
  lossSum: number;
  lossCount: number;
  /** Whether the training loss logged last is none, or none of float32. */
  isLost: boolean;
  open: RawTest | null;
  readonly tests: RawTest[];
}

/** Takes the lines of a network's logs, file by file, in any order of files. */
export class TestCollector {
  readonly #options: CollectOptions;
  readonly #sessions: Session[] = [];
  readonly #current = new Map<string, Session>();
  readonly #testNets = new Set<number>();
  #seconds = 0;

  constructor(options: CollectOptions) {
    this.#options = options;
  }

  /** Takes one line. */
  take({ process, time, event }: LogLine): void {
    const session = this.#sessionOf(process, time, event);
    session.latest = Math.max(session.latest, time);
    // Whatever is not an output says that the outputs before it are all there are.
    if (event.kind !== 'output') close(session, true);
    if ('iteration' in event) {
      session.first ??= event.iteration;
      session.last = event.iteration;
    }
    if (event.kind === 'testing') this.#testNets.add(event.net);
    takeEvent(session, time, event, this.#options.testNet);
  }

  /** Ends a file: a test that its end cut short is dropped. */
  endFile(): void {
    for (const session of this.#current.values()) this.#end(session, false);
    this.#current.clear();
  }

  /** What all lines say. */
  collected(): CollectedTests {
    const { tests, replaced, abandoned } = lineage(this.#sessions);
    const names = [...new Set(tests.flatMap(({ outputs }) => [...outputs.keys()]))];
    const outputs = chooseOutputs(names, this.#options.accuracy);
    return {
      tests: tests.flatMap((test) => loggedTest(test, outputs)),
      outputs,
      testNets: [...this.#testNets].sort((a, b) => a - b),
      replaced,
      abandoned,
      divergedAt: divergence(tests, outputs),
      noFraction: accuraciesOf(tests, outputs).find((value) => !isFraction(value)) ?? null,
      seconds: this.#seconds,
    };
  }

  // A process that logs an earlier iteration than before was started again, with the same number.
  #sessionOf(process: string, time: number, event: LogEvent): Session {
    const found = this.#current.get(process);
    const isNew =
      found === undefined ||
      ('iteration' in event && event.iteration < found.last) ||
      (event.kind === 'resumed' && found.first !== null);
    if (!isNew) return found;
    if (found !== undefined) this.#end(found, true);
    const session = freshSession(time);
    this.#current.set(process, session);
    this.#sessions.push(session);
    return session;
  }

  #end(session: Session, isFollowed: boolean): void {
    close(session, isFollowed);
    this.#seconds += Math.max(0, session.latest - session.began) / 1000;
  }
}

function freshSession(time: number): Session {
  return {
    began: time,
    latest: time,
    isResumed: false,
    first: null,
    last: 0,
    learningRate: null,
    lossSum: 0,
    lossCount: 0,
    isLost: false,
    open: null,
    tests: [],
  };
}

/** Ends the open test. One that nothing follows counts if it has every output of the one before. */
function close(session: Session, isFollowed: boolean): void {
  const { open, tests } = session;
  session.open = null;
  if (open === null || open.outputs.size === 0) return;
  const expected = tests.at(-1)?.outputs ?? new Map<string, unknown>();
  if (isFollowed || [...expected.keys()].every((name) => open.outputs.has(name))) tests.push(open);
}

function takeEvent(session: Session, time: number, event: LogEvent, testNet: number): void {
  switch (event.kind) {
    case 'resumed':
      session.isResumed = true;
      return;
    case 'rate':
      session.learningRate = event.learningRate;
      return;
    case 'train-loss':
      session.isLost = isLost(event.loss);
      if (event.loss === null) return;
      session.lossSum += event.loss;
      session.lossCount += 1;
      return;
    case 'output':
      if (session.open !== null && !session.open.outputs.has(event.name)) {
        session.open.outputs.set(event.name, event.value);
      }
      return;
    case 'testing':
      // Other test nets are other data: their outputs find no open test.
      if (event.net === testNet) openTest(session, time, event.iteration);
      return;
    case 'end':
  }
}

function openTest(session: Session, time: number, iteration: number): void {
  const { lossSum, lossCount, learningRate } = session;
  session.open = {
    iteration,
    time,
    trainLoss: lossCount === 0 ? null : lossSum / lossCount,
    learningRate,
    isLost: session.isLost,
    outputs: new Map(),
  };
  session.lossSum = 0;
  session.lossCount = 0;
}

/** A run from its beginning, with all that resumed it. */
interface Run {
  readonly first: number;
  readonly tests: Map<number, RawTest>;
}

interface Lineage {
  readonly tests: readonly RawTest[];
  readonly replaced: readonly number[];
  readonly abandoned: number;
}

/** The tests of the run that was trained last. A session that begins where a run began, and does
 *  not resume a snapshot, is another run, but does not count if it never got past iteration 0.
 *  Others resume the latest run that got as far as where they begin; where they overlap, the later
 *  test is what training resumed from. */
function lineage(sessions: readonly Session[]): Lineage {
  let runs: readonly Run[] = [];
  for (const session of sessions.toSorted((a, b) => a.began - b.began)) {
    if (session.tests.length === 0) continue;
    const start = session.first ?? 0;
    const earliest = Math.min(...runs.map(({ first }) => first));
    const isNew = runs.length === 0 || (!session.isResumed && (start === 0 || start <= earliest));
    const run = isNew ? { first: start, tests: new Map() } : resumedRun(runs, session);
    runs = [...runs.filter((each) => each !== run), run];
    for (const test of session.tests) {
      const before = run.tests.get(test.iteration);
      if (before === undefined || before.time <= test.time) run.tests.set(test.iteration, test);
    }
  }
  const begun = runs.filter((run) => lastOf(run) > 0);
  const run = begun.at(-1) ?? runs.at(-1);
  return {
    tests: [...(run?.tests.values() ?? [])].sort((a, b) => a.iteration - b.iteration),
    replaced: begun.slice(0, -1).map(lastOf),
    abandoned: begun.length === 0 ? 0 : runs.length - begun.length,
  };
}

function resumedRun(runs: readonly Run[], { first, tests }: Session): Run {
  // A session's first test comes up to one interval after the snapshot.
  const [one = 0, two = one] = tests.map(({ iteration }) => iteration);
  const reached = (first ?? one) - Math.max(two - one, 0);
  return runs.findLast((run) => lastOf(run) >= reached) ?? (runs.at(-1) as Run);
}

function lastOf({ tests }: Run): number {
  return [...tests.keys()].reduce((last, iteration) => Math.max(last, iteration), 0);
}

function accuraciesOf(tests: readonly RawTest[], { accuracy }: ChosenOutputs): readonly number[] {
  return accuracy === null ? [] : tests.flatMap(({ outputs }) => outputs.get(accuracy) ?? []);
}

function isFraction(value: number): boolean {
  return value >= 0 && value <= 1;
}

function loggedTest(test: RawTest, { accuracy, loss }: ChosenOutputs): LoggedTest[] {
  const value = accuracy === null ? null : (test.outputs.get(accuracy) ?? null);
  if (value === null || !isFraction(value)) return [];
  const { iteration, time, trainLoss, learningRate } = test;
  const testLoss = loss === null ? null : (test.outputs.get(loss) ?? null);
  return [{ iteration, time, accuracy: value, loss: testLoss, trainLoss, learningRate }];
}

/** The first test of those at the end whose losses are none, or none that float32 can tell. */
function divergence(tests: readonly RawTest[], { loss }: ChosenOutputs): number | null {
  const isGone = ({ outputs, isLost: isTrainLost }: RawTest): boolean =>
    isTrainLost || (loss !== null && outputs.has(loss) && isLost(outputs.get(loss) ?? null));
  const sound = tests.findLastIndex((test) => !isGone(test));
  return tests[sound + 1]?.iteration ?? null;
}

function isLost(loss: number | null): boolean {
  return loss === null || loss >= LOSS_OF_NOTHING;
}
