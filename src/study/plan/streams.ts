// Names of all random streams of a study (docs/architecture.md, "Random numbers"). They never
// mention a gang, so gangs can be divided at will.
import type { Json } from '../../base/canonical-json.js';

/** Networks of one phase see the same minibatches and have the same schedule. Bases are trained
 *  first, and each further base of a task is a phase of its own, so that it differs from the others
 *  in all its random numbers; `transfer`: everything that copies from bases; `continued`: what
 *  goes on from networks of that phase; `long`: schedules of twice the length. */
export type Phase = 'base' | `base-${number}` | 'transfer' | 'continued' | 'long';

/** The coordinates that stream names are made of. */
export interface StreamPlace {
  readonly seed: number;
  readonly split: string;
  readonly repeat: number;
}

/** Order of the training images: the same for all networks of one target and phase. */
export function orderStream(place: StreamPlace, target: string, phase: Phase): readonly Json[] {
  return ['order', place.seed, place.split, target, place.repeat, phase];
}

/** Crops and mirrors of the training images: the same for all networks of one target and phase. */
export function augmentStream(place: StreamPlace, target: string, phase: Phase): readonly Json[] {
  return ['augment', place.seed, place.split, target, place.repeat, phase];
}

/** Fresh weights of one network (name without split, e.g. "A3B"). */
export function initStream(place: StreamPlace, network: string): readonly Json[] {
  return ['init', place.seed, place.split, place.repeat, network];
}

/** Frozen random layers of one target, shared by all its random networks, so that R1's layer 1 is
 *  R7's layer 1. */
export function frozenInitStream(place: StreamPlace, target: string): readonly Json[] {
  return ['init', place.seed, place.split, place.repeat, `R-frozen-${target}`];
}

/** Dropout masks of one network. */
export function dropoutStream(place: StreamPlace, network: string): readonly Json[] {
  return ['dropout', place.seed, place.split, place.repeat, network];
}
