// How a run shares out this machine's cores: as it is asked for, as was measured, or by a guess.
import { availableParallelism } from 'node:os';
import { UsageError } from '../base/errors.js';
import { executorTable } from '../executors/names.js';
import { gangFlops } from '../study/needs/cost.js';
import { networksToTrain } from '../study/run/run-study.js';
import type { Share } from '../study/store/calibration-file.js';
import { calibrate, type Calibrating } from './calibrate.js';
import type { OnRunEvent } from './events.js';
import { shareCores } from './machine-share.js';

/** What is asked of a share. */
interface Asked {
  readonly workers?: number | 'measure';
  readonly threads?: number;
}

/** On fewer cores one worker fills them all: measured, docs/decisions/running.md. */
const MANY_CORES = 9;
/** Measuring takes up to a minute. */
const LONG_SECONDS = 1800;

/** The share by a rule, of this machine's cores. */
export function guessedShare({ workers, threads }: Asked): Share {
  const number = workers === 'measure' ? undefined : workers;
  return shareCores(availableParallelism(), { workers: number, threads });
}

/** The share for a run in a folder that the caller has opened. It is measured if that is asked for,
 *  or, where neither workers nor threads are said, if there are many cores and much to train.
 *  @throws UsageError if both are asked for
 *  @throws RunStoreError if calibration.json is damaged */
export async function shareOf(
  request: Omit<Calibrating, 'todo' | 'cores'> & {
    readonly only: (network: { readonly name: string }) => boolean;
  },
  asked: Asked,
  say: OnRunEvent,
): Promise<Share> {
  if (asked.workers === 'measure' && asked.threads !== undefined) {
    throw new UsageError('found --threads beside --workers measure, which finds the threads', {
      hint: 'Leave out one of the two.',
    });
  }
  const cores = availableParallelism();
  const todo = networksToTrain(request, 'look');
  const isFree = asked.workers === undefined && asked.threads === undefined;
  const isWorth = isFree && cores >= MANY_CORES && secondsOf(request, todo, cores) > LONG_SECONDS;
  if (asked.workers !== 'measure' && !isWorth) return guessedShare(asked);
  const found = await calibrate({ ...request, todo, cores }, ({ workers, threads }) => {
    say({ event: 'remark', message: `timing ${workers} x ${threads} threads ...` });
  });
  if (found === null) return guessedShare(asked);
  say({ event: 'workers', ...found.chosen, tried: found.tried });
  return found.chosen;
}

function secondsOf(
  { plan, executor }: Pick<Calibrating, 'plan' | 'executor'>,
  todo: Calibrating['todo'],
  cores: number,
): number {
  const flops = gangFlops(plan.study.network, todo);
  return flops / executorTable[executor.name].assumedFlopsPerSecond(cores);
}
