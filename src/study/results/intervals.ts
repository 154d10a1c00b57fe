// What the intervals of a summary are made of, and which studies they speak of.
import { isMeasured, referenceBases } from './measured.js';
import type { IntervalFacts, NetworkResult, Unit } from './types.js';
import { cellMeans, cellsOf, unitOf, unitValues } from './unit.js';

const populations: { readonly [K in 'drawn' | 'fixed']: Readonly<Record<Unit, string>> } = {
  // Random halves.
  drawn: {
    split: 'these classes and test images, divided and trained anew',
    'split-target': 'these classes and test images, divided and trained anew',
    repeat: 'these tasks and test images, trained anew',
  },
  // Tasks of named classes, of two sets, or of the whole set.
  fixed: {
    split: 'pairs of tasks like these, on the same test images',
    'split-target': 'these tasks and test images, whichever of them is the target',
    repeat: 'these tasks and test images, trained anew',
  },
};

/** The unit that the networks of one family, or of one target of it, have between them; of networks
 *  of reduced data, those of one number of images a class. */
export function buildIntervals(networks: readonly NetworkResult[]): IntervalFacts {
  const bases = new Set(referenceBases(networks));
  const subjects = networks.filter((each) => each.treatment !== 'base' || bases.has(each));
  const [first] = subjects;
  const counted =
    first?.family === 'reduced' ? subjects.filter(({ split }) => split === first.split) : subjects;
  const cells = cellsOf(counted);
  const values = counted.filter(isMeasured).map((network) => ({ network, value: 0 }));
  const means = cellMeans(values, cells);
  const unit = unitOf(means, cells);
  const kind = subjects.some(({ family }) => family === 'random-halves') ? 'drawn' : 'fixed';
  return { unit, units: unitValues(means).length, population: populations[kind][unit] };
}
