// Measures all networks of a job, one piece of work after another.
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { Executor } from '../executors/executor.js';
import type {
  MeasuredNetwork,
  MeasuredPlace,
  Movement,
  Probe,
  Reset,
  Similarity,
} from '../study/measurements/types.js';
import type { MeasureEvent } from './events.js';
import type { MeasureJob, Subject } from './job.js';
import { movementOf } from './movements.js';
import { Place } from './place.js';
import { probeBase } from './probes.js';
import { resetSegments } from './resets.js';
import { type ComparedPair, compareNetworks } from './similarities.js';

/** What measuring needs from its surroundings. */
export interface MeasureContext {
  readonly executor: Executor;
  readonly emit: (event: MeasureEvent) => void;
  /** Asked between pieces of work; true = return without a result. */
  readonly shouldStop: () => boolean;
}

/** What was found so far. */
interface Found {
  readonly probes: Probe[];
  readonly similarities: Similarity[];
  readonly movements: Movement[];
  readonly resets: Reset[];
}

interface Piece {
  readonly what: string;
  /** About how long it takes beside others. */
  readonly cost: number;
  readonly work: (found: Found) => Promise<void> | void;
}

/** Measures a place and says what was found, unless it is asked to stop.
 *  @throws RunStoreError if weights are not those that were trained; DataError if images are not
 *  there */
export async function measurePlace(job: MeasureJob, context: MeasureContext): Promise<void> {
  const { executor, emit, shouldStop } = context;
  const place = new Place(job, executor);
  const found: Found = { probes: [], similarities: [], movements: [], resets: [] };
  const pieces = piecesOf(place);
  const of = pieces.reduce((sum, { cost }) => sum + cost, 0);
  let done = 0;
  for (const { what, cost, work } of pieces) {
    emit({ event: 'measuring', done, of, what });
    // Lets signal handlers and pipes run: native calls block the event loop.
    await yieldToEvents();
    if (shouldStop()) {
      emit({ event: 'stopped' });
      return;
    }
    await work(found);
    done += cost;
  }
  emit({ event: 'measured', measured: { ...headOf(place, executor), ...found } });
  emit({ event: 'finished' });
}

function headOf(
  { job, hashes }: Place,
  executor: Executor,
): Pick<MeasuredPlace, 'imageLimit' | 'executor' | 'networks' | 'tasks'> {
  const { name, version, instructionSet, threads } = executor.info;
  const networks = job.subjects.map((subject): readonly [string, MeasuredNetwork] => [
    subject.name,
    { identity: subject.identity, weights: hashes.get(subject.name) ?? '' },
  ]);
  return {
    imageLimit: job.imageLimit,
    executor: { name, version, instructionSet, threads },
    networks: Object.fromEntries(networks.filter(([name]) => hashes.has(name))),
    tasks: job.taskHashes,
  };
}

function piecesOf(place: Place): readonly Piece[] {
  const { job } = place;
  const bases = job.subjects.filter(({ isBase }) => isBase);
  const targets = Object.keys(job.tasks);
  return [
    ...bases.flatMap((subject) =>
      targets.map((target): Piece => ({
        what: `probes of task ${target} on ${subject.name}`,
        cost: 20,
        work: async ({ probes }) => void probes.push(...(await probeBase(place, subject, target))),
      })),
    ),
    ...pairsOf(job).map((pair): Piece => ({
      what: `${pair.subject.name} beside ${pair.other.name} on images of ${pair.target}`,
      cost: 3,
      work: async ({ similarities }) =>
        void similarities.push(...(await compareNetworks(place, pair))),
    })),
    ...copiesOf(job).map(({ subject, source }): Piece => ({
      what: `how far ${subject.name} moved`,
      cost: 1,
      work: ({ movements }) => void movements.push(movementOf(place, subject, source.name)),
    })),
    ...bases
      .filter(({ isRead, target }) => !isRead && targets.includes(target))
      .map((subject): Piece => ({
        what: `segments of ${subject.name} put back`,
        cost: 6,
        work: async ({ resets }) => void resets.push(...(await resetSegments(place, subject))),
      })),
  ];
}

/** Bases with each other, on the images of each of their tasks, and networks with what they
 *  copy. */
function pairsOf(job: MeasureJob): readonly ComparedPair[] {
  const bases = job.subjects.filter(({ isBase }) => isBase);
  const between = bases.flatMap((subject, at) =>
    bases
      .slice(at + 1)
      .flatMap((other) =>
        [...new Set([subject.target, other.target])]
          .filter((target) => job.tasks[target] !== undefined)
          .map((target): ComparedPair => ({ subject, other, target })),
      ),
  );
  const copies = copiesOf(job)
    .filter(({ subject }) => job.tasks[subject.target] !== undefined)
    .map(({ subject, source }): ComparedPair => {
      const { target, meanTask: otherMean } = subject;
      return { subject, other: source, target, otherMean };
    });
  return [...between, ...copies];
}

function copiesOf(job: MeasureJob): readonly { subject: Subject; source: Subject }[] {
  const byName = new Map(job.subjects.map((subject) => [subject.name, subject]));
  return job.subjects.flatMap((subject) => {
    const source = subject.source === null ? undefined : byName.get(subject.source);
    return source === undefined ? [] : [{ subject, source }];
  });
}
