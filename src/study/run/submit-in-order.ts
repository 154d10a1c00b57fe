// The part of a launcher that does not depend on where its workers run: order, readiness, failures,
// and the requests to stop.
import { EventEmitter, on } from 'node:events';
import { existsSync } from 'node:fs';
import { SelfferError } from '../../base/errors.js';
import { systemError } from '../../base/system-error.js';
import { writeFailure } from '../../runs/failure.js';
import { runFiles } from '../../runs/files.js';
import type { WorkerEvent } from '../../train/events.js';
import type { GangJob } from '../../train/job.js';
import { readyPart } from '../../train/ready-part.js';
import type {
  GangEnd,
  GangFailure,
  GangRun,
  LaunchEvent,
  StudyRun,
  SubmittedGang,
} from './launcher.js';
import { runInOrder } from './run-in-order.js';

/** Starts the worker of a gang; `onEvent` hears what it says, in order, before `end` settles. */
export type StartGang = (job: GangJob, onEvent: (event: WorkerEvent) => void) => GangRun;

// Failures that every other gang would meet too.
const FATAL_CODES = new Set(['executor-missing', 'usage', 'unsupported-op']);

/** Trains gangs by `start`, at most `workers` at once, as {@link Launcher} promises. The first
 *  starts once the caller has returned, so that a request to stop right away starts none. */
export function submitInOrder(
  gangs: readonly SubmittedGang[],
  workers: number,
  start: StartGang,
): StudyRun {
  const work = new Work(start);
  const tasks = gangs.map(({ job, after }) => ({ name: job.name, after, job }));
  const end = Promise.resolve()
    .then(() =>
      runInOrder(
        tasks,
        workers,
        ({ job }) => work.train(job),
        () => work.isOver,
      ),
    )
    .then(() => work.close());
  return {
    events: work.events,
    end: end.then(() => ({
      outcome: work.request === null ? 'finished' : 'stopped',
      failure: work.failure,
    })),
    stop: () => work.ask('stop'),
    kill: () => work.ask('kill'),
  };
}

class Work {
  readonly events: AsyncIterable<LaunchEvent>;
  failure: GangFailure | null = null;
  request: 'stop' | 'kill' | null = null;
  readonly #start: StartGang;
  readonly #running = new Set<GangRun>();
  readonly #emitter = new EventEmitter();

  constructor(start: StartGang) {
    this.#start = start;
    this.events = payloads(on(this.#emitter, 'event', { close: ['close'] }));
  }

  get isOver(): boolean {
    return this.request !== null || this.failure !== null;
  }

  ask(request: 'stop' | 'kill'): void {
    if (this.request !== 'kill') this.request = request;
    for (const run of this.#running) run[request]();
  }

  close(): void {
    this.#emitter.emit('close');
  }

  /** Trains what can be trained of a gang. Never rejects. */
  async train(whole: GangJob): Promise<void> {
    const { name } = whole;
    let job = whole;
    let end: GangEnd;
    try {
      const { ready, skipped } = readyPart(whole);
      if (skipped !== null) this.#say({ ...skipped, gang: name });
      if (ready === null) return;
      job = ready;
      this.#say({ event: 'begun', gang: name, networks: namesOf(job) });
      end = await this.#run(job);
      if (end.outcome === 'failed') noteFailure(job, end.message);
    } catch (error) {
      end = failureOf(error);
    }
    if (end.outcome === 'stopped') this.request ??= 'stop';
    if (end.outcome === 'failed' && FATAL_CODES.has(end.code)) this.failure ??= end;
    this.#say({ event: 'over', gang: name, networks: namesOf(job), end });
  }

  async #run(job: GangJob): Promise<GangEnd> {
    const run = this.#start(job, (event) => this.#say({ ...event, gang: job.name }));
    this.#running.add(run);
    if (this.request !== null) run[this.request]();
    const end = await run.end;
    this.#running.delete(run);
    // A worker that was ended on request did not fail.
    return this.request === 'kill' && end.outcome === 'failed' ? { outcome: 'stopped' } : end;
  }

  #say(event: LaunchEvent): void {
    this.#emitter.emit('event', event);
  }
}

async function* payloads(events: AsyncIterable<unknown>): AsyncGenerator<LaunchEvent> {
  for await (const payload of events) yield (payload as readonly [LaunchEvent])[0];
}

function namesOf({ networks }: GangJob): readonly string[] {
  return networks.map(({ name }) => name);
}

/** Notes why the networks of a gang that have not ended have stopped. */
function noteFailure({ studyDirectory, networks }: GangJob, message: string): void {
  for (const { directory } of networks) {
    const { record, failure } = runFiles(studyDirectory, directory);
    if (!existsSync(record)) writeFailure(failure, message);
  }
}

function failureOf(thrown: unknown): GangFailure {
  const error = systemError(thrown) ?? thrown;
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof SelfferError)) return { outcome: 'failed', code: 'internal', message };
  const { code, hint } = error;
  return { outcome: 'failed', code, message, ...(hint === undefined ? {} : { hint }) };
}
