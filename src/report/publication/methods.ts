// A paragraph on methods for a paper: what was trained on what, how often, and what the intervals
// are. Computed from the study's folder; what it does not say is left out.
import { countOf, intervalWords } from '../../figures/format.js';
import { groupBy } from '../../study/results/order.js';
import { partsOf } from '../../study/results/family.js';
import type { Family, Results } from '../../study/results/types.js';
import { treatmentKinds } from '../../study/treatments.js';
import type { Provenance } from '../provenance.js';

const taskWords: Readonly<Record<Family, string>> = {
  'random-halves': 'Tasks A and B are random halves of the classes',
  'natural-man-made': 'Tasks A and B are natural and man-made classes',
  classes: 'Tasks A and B are two chosen sets of classes',
  'two-sets': 'Tasks A and B are two data sets',
  whole: 'The task has all classes',
  reduced: 'Each task is one half of the classes, with fewer images of each',
  'target-size': 'Target tasks have fewer images of each class',
};

/** The paragraph, plain text without line feeds; sources are named as in
 *  {@link bibtex | references}. */
export function methodsText(results: Results, provenance: Provenance): string {
  const done = new Map(provenance.done ?? []);
  const said = (what: string, before: string): string | null => {
    const words = done.get(what);
    return words === undefined ? null : `${before}${words}.`;
  };
  const sentences = [
    `We measured how transferable features are, layer by layer, by the protocol of Yosinski et al. (2014), with Selffer ${provenance.selfferVersion}.`,
    said('network', 'Network: '),
    said('data', 'Data: '),
    tasksOf(results, done.get('classes')),
    said('images', 'Images: '),
    said('kept aside', 'Kept aside: '),
    trainedSentence(results),
    said('training', 'Training: '),
    said('bases', 'Bases: '),
    said('frozen norms', 'Batch norms in frozen layers: '),
    seedSentence(results),
    statisticSentence(results),
    'Each network is compared with the bases of its own split and target (matched differences).',
    intervalSentence(results),
    machineSentence(provenance),
  ];
  return sentences.filter((each) => each !== null).join(' ');
}

function tasksOf({ study }: Results, classes: string | undefined): string | null {
  if (study.family === null) return null;
  return `${taskWords[study.family]}${classes === undefined ? '' : ` (${classes})`}.`;
}

function trainedSentence({ networks, study }: Results): string {
  const used = treatmentKinds.filter((kind) =>
    networks.some(({ treatment }) => treatment === kind),
  );
  const cuts = networks.filter(({ n }) => n > 0 && n < study.weightLayers).map(({ n }) => n);
  const ended = networks.filter(({ state }) => state === 'done').length;
  const dead = networks.filter(({ state }) => state === 'dead').length;
  const out = dead === 0 ? '' : `; ${dead} never left chance and are left out`;
  const at = cuts.length === 0 ? '' : `, with n from ${Math.min(...cuts)} to ${Math.max(...cuts)}`;
  return `Treatments: ${used.join(', ')}${at}: ${countOf(networks.length)}, of which ${ended} are done${out}.`;
}

function seedSentence({ networks }: Results): string | null {
  const splits = groupBy(networks, ({ split }) => split);
  const repeats = Math.max(0, ...networks.map(({ repeat }) => repeat)) + 1;
  if (splits.size === 1 && repeats === 1) return 'One division of the classes was trained once.';
  const times = repeats === 1 ? 'once' : `${repeats} times`;
  return `${splits.size === 1 ? 'One division' : `${splits.size} divisions`} of the classes ${splits.size === 1 ? 'was' : 'were'} trained ${times}.`;
}

function statisticSentence({ study }: Results): string {
  return study.statistic === 'top10'
    ? 'Accuracy is top-1, the mean of the 10 best tests.'
    : 'Accuracy is top-1 of the last test.';
}

function intervalSentence(results: Results): string {
  const [part] = partsOf(results);
  const { intervals } = part?.results ?? results;
  return intervals.units < 3
    ? 'There are too few independent values for intervals.'
    : `Intervals are t intervals, ${intervalWords(intervals)}.`;
}

function machineSentence({ executors }: Provenance): string | null {
  const kinds = new Set(
    executors.map(({ version, instructionSet, threads }) => {
      return `${version} (${instructionSet}, ${threads} threads)`;
    }),
  );
  return kinds.size === 0 ? null : `Computed by ${[...kinds].join('; ')}.`;
}
