// What a reader of an imported study must know: what is lacking, and how its names and numbers are
// to be read.
import type { Family } from '../../study/results/types.js';
import { roleOf } from './outputs.js';
import type { CaffeLogs, NetworkLog } from './read-logs.js';
import { type GivenFacts, originalBatch, originalTask } from './tasks.js';

/** The paper's statistic is the mean of so many tests. */
const TESTS_OF_STATISTIC = 10;

/** Sentences about names that were not understood, damaged files and incomplete logs. */
export function warningsOf(
  { networks, unknown, skipped, absent }: CaffeLogs,
  given: GivenFacts,
): string[] {
  const logged = networks.filter(({ tests }) => tests.length > 0);
  const damaged = networks.flatMap((network) => network.damaged);
  const last = lastIterations(logged);
  const few = logged.filter(({ tests }) => tests.length < TESTS_OF_STATISTIC);
  const early = logged.filter((log) => lastOf(log) < (last.get(log.network.family) ?? 0));
  const gaps = logged.flatMap((log) => {
    const places = gapsOf(log);
    return places.length === 0 ? [] : [`${nameOf(log)} (${places.join(', ')})`];
  });
  return [
    ...sentence(unknown, 'Not imported, names not understood'),
    ...sentence(absent, 'Named, but not among the logs'),
    ...sentence(skipped, 'Files that are no logs of Caffe, not read'),
    ...sentence(
      damaged.map(({ file, problem }) => `${file} (${problem})`),
      'Damaged logs, read as far as they go',
    ),
    ...sentence(
      early.map((log) => `${nameOf(log)} (at ${lastOf(log)})`),
      'Logs that end before those of other networks of their family',
    ),
    ...sentence(gaps, 'Tests lacking in the logs'),
    ...sentence(
      few.map(nameOf),
      `Fewer than ${TESTS_OF_STATISTIC} tests, so the mean of the best is over those there are`,
    ),
    ...readingWarnings(networks),
    ...sentence(
      given.classes === undefined ? networks.flatMap(otherClasses) : [],
      'First losses of fewer classes than the original study’s; --classes N says how many there are',
    ),
    ...confounding(logged),
  ];
}

/** Sentences on naming and on numbers that the logs do not contain. */
export function notesOf({ networks }: CaffeLogs, given: GivenFacts): string[] {
  const has = (family: Family) => networks.some(({ network }) => network.family === family);
  return [
    'Accuracy is the mean of the 10 best tests of a run, the paper’s statistic; it selects on validation data and lies above the last test, in the original by 0.05 Pt on average (0.14 Pt on natural / man-made).',
    given.classes === undefined
      ? 'Chance, and the loss at which a network counts as dead, go by the classes of its task (500 for a random half), though every original network has 1000 outputs. For logs of other data give --classes.'
      : `Chance, and the loss at which a network counts as dead, go by the ${given.classes} classes given.`,
    given.trainImages === undefined
      ? `Logs do not tell how many images a task has: epochs are those of the published sizes, about 641,000 training images for a random half, at batch ${given.batch ?? originalBatch}.`
      : `Epochs are of the ${given.trainImages} training images given, at batch ${given.batch ?? originalBatch}.`,
    ...(has('natural-man-made')
      ? [
          'Natural / man-made: letters are those of the authors’ repository, A = natural (449 classes), B = man-made (551). The paper’s text, and studies trained by Selffer, have A = man-made, B = natural: A3B here is B3A there.',
          'A natural / man-made test took 50,000 images of 22,450 or 27,550, so single tests cover them unequally.',
        ]
      : []),
    ...(has('reduced')
      ? [
          'Reduced data: reduced-0100 was trained on the first 100 images of each of 1000 classes, in 200,000 iterations instead of 450,000.',
        ]
      : []),
    ...(has('whole')
      ? ['Random features (nolearn_1_n) and netbase: all 1000 classes, no halves.']
      : []),
  ];
}

// In the logs that were published, fine-tuned transfer has targets B alone and the fine-tuned
// selffer targets A alone.
function confounding(logged: readonly NetworkLog[]): string[] {
  const targets = (treatment: string) =>
    new Set(
      logged.flatMap(({ network: { treatment: its, split, target } }) =>
        its === treatment ? [`${split} ${target}`] : [],
      ),
    );
  const [tuned, selffer] = [targets('AnB+'), targets('BnB+')];
  if (tuned.size === 0 || selffer.size === 0) return [];
  if ([...tuned].some((target) => selffer.has(target))) return [];
  return [
    'No target has both AnB+ and BnB+ networks, so their pooled difference (the paper’s Table 1) is also one between easier and harder targets; the matched difference is not.',
  ];
}

function lastIterations(logged: readonly NetworkLog[]): ReadonlyMap<Family, number> {
  const last = new Map<Family, number>();
  for (const log of logged) {
    const { family } = log.network;
    last.set(family, Math.max(last.get(family) ?? 0, lastOf(log)));
  }
  return last;
}

function lastOf({ tests }: NetworkLog): number {
  return tests.at(-1)?.iteration ?? 0;
}

// Tests are a constant number of iterations apart; the smallest distance is taken for it.
function gapsOf({ tests }: NetworkLog): string[] {
  const iterations = tests.map(({ iteration }) => iteration);
  const steps = iterations.slice(1).map((iteration, i) => iteration - (iterations[i] ?? 0));
  const step = steps.reduce((a, b) => Math.min(a, b), Infinity);
  const [first = 0] = iterations;
  const late = first > step ? [`none before ${first}`] : [];
  const between = steps.flatMap((distance, i) =>
    distance > step ? [`${iterations[i]} to ${iterations[i + 1]}`] : [],
  );
  return [...late, ...between];
}

function nameOf({ network }: NetworkLog): string {
  return network.originalName ?? network.name;
}

/** A network that knows nothing has the loss ln C for C classes. */
function otherClasses(log: NetworkLog): string[] {
  const [first] = log.tests;
  const guess = Math.exp(first?.loss ?? Infinity);
  const isFresh = first?.iteration === 0 && log.network.treatment === 'base';
  if (!isFresh || guess > originalTask(log.network).classes / 2) return [];
  return [`${nameOf(log)} (as of ${Math.max(2, Math.round(guess))} classes)`];
}

/** Sentences on what had to be chosen among what the logs say. */
function readingWarnings(networks: readonly NetworkLog[]): string[] {
  const each = (say: (log: NetworkLog) => string | null): string[] =>
    networks.flatMap((log) => {
      const text = say(log);
      return text === null ? [] : [`${nameOf(log)} (${text})`];
    });
  return [
    ...sentence(
      each(({ outputs: { accuracy, others } }) =>
        accuracy === null || (others.length === 0 && roleOf(accuracy).kind === 'accuracy')
          ? null
          : `${accuracy}${others.length === 0 ? '' : `, not ${others.join(', ')}`}`,
      ),
      'Taken for the accuracy; --accuracy NAME takes another output',
    ),
    ...sentence(
      each(({ outputs: { accuracy, others } }) =>
        accuracy === null && others.length > 0 ? others.join(', ') : null,
      ),
      'No output that is known to be the top-1 accuracy; --accuracy NAME says which is',
    ),
    ...sentence(
      each(({ noFraction, outputs: { accuracy } }) =>
        noFraction === null ? null : `${accuracy} = ${noFraction}`,
      ),
      'No accuracy between 0 and 1, such tests are left out',
    ),
    ...sentence(
      each(({ testNets }) =>
        testNets.length > 1 ? testNets.map((net) => `#${net}`).join(', ') : null,
      ),
      'Several test nets, of which the first is taken unless --test-net N says another',
    ),
    ...sentence(
      each(({ replaced }) =>
        replaced.length === 0 ? null : `one to iteration ${replaced.join(', one to ')}`,
      ),
      'Started again from the beginning, so earlier runs are left out',
    ),
    ...sentence(
      each(({ abandoned }) => (abandoned === 0 ? null : `${abandoned} times`)),
      'Started again, but never beyond iteration 0; that start is left out',
    ),
    ...sentence(
      each(({ divergedAt, tests }) =>
        divergedAt === null || tests.length === 0 ? null : `from iteration ${divergedAt} on`,
      ),
      'Diverged (the loss is nan, or 87.3365, which is that of a probability of 0), not counted',
    ),
    ...sentence(
      each(({ tests }) => (tests.length > 0 && tests.at(-1)?.iteration === 0 ? 'not done' : null)),
      'Only a test at iteration 0',
    ),
  ];
}

function sentence(items: readonly string[], what: string): string[] {
  return items.length === 0 ? [] : [`${what}: ${items.join('; ')}.`];
}
