// How far the layers of a network moved from what they were copied from.
import { factsOf } from '../net/facts.js';
import { segmentsOf } from '../net/cuts.js';
import type { Network } from '../net/network.js';
import type { Movement } from '../study/measurements/types.js';
import type { NamedTensors } from '../train/forward/forward-network.js';
import type { Subject } from './job.js';
import type { Place } from './place.js';

/** Distances of all copied layers that have learned numbers, and of the segments that they make. */
export function movementOf(place: Place, subject: Subject, source: string): Movement {
  return {
    ...{ network: subject.name, source },
    ...distancesOf(place.job.network, subject, place.weights(subject.name), place.weights(source)),
  };
}

/** |w - w0| / |w0| (Euclidean) over the learned numbers of each copied layer and segment; null
 *  where w0 is 0. Running means and variances are no weights. */
function distancesOf(
  network: Network,
  { classes, copied }: Pick<Subject, 'classes' | 'copied'>,
  now: NamedTensors,
  before: NamedTensors,
): Pick<Movement, 'layers' | 'segments'> {
  const facts = factsOf(network, classes);
  const layers: Record<string, number | null> = {};
  const segments = segmentsOf(network)
    .filter(({ ordinal }) => copied.includes(ordinal))
    .map(({ ordinal, layers: names }) => {
      const squares = names.map((layer) => {
        const blobs = (facts.get(layer)?.blobs ?? []).filter(({ role }) => role === 'learned');
        const own = sumOf(blobs.map(({ name }) => squaresOf(now, before, `${layer}.${name}`)));
        if (blobs.length > 0) layers[layer] = ratioOf(own);
        return own;
      });
      return { segment: ordinal, distance: ratioOf(sumOf(squares)) };
    });
  return { layers, segments };
}

interface Squares {
  readonly moved: number;
  readonly before: number;
}

function squaresOf(now: NamedTensors, before: NamedTensors, name: string): Squares {
  const [w, w0] = [now[name]?.data ?? [], before[name]?.data ?? []];
  let [moved, length] = [0, 0];
  for (let at = 0; at < w0.length; at++) {
    moved += ((w[at] as number) - (w0[at] as number)) ** 2;
    length += (w0[at] as number) ** 2;
  }
  return { moved, before: length };
}

function sumOf(all: readonly Squares[]): Squares {
  return all.reduce(
    (sum, each) => ({ moved: sum.moved + each.moved, before: sum.before + each.before }),
    {
      moved: 0,
      before: 0,
    },
  );
}

function ratioOf({ moved, before }: Squares): number | null {
  return before === 0 ? null : Math.sqrt(moved / before);
}
