// What a reader must know before trusting the numbers.
import { countOf } from '../figures/format.js';
import { groupBy } from '../study/results/order.js';
import type { NetworkResult, Results } from '../study/results/types.js';
import { treatments } from '../study/treatments.js';
import { untrainedBasesOf } from './base-convergence.js';
import { rateWarnings } from './learning-rates.js';
import { readBasesOf } from './read-bases.js';

/** One way in which networks of the study were trained. */
export interface ExecutorUse {
  readonly name: string;
  readonly version: string;
  readonly instructionSet: string;
  readonly threads: number;
  readonly host: string;
  /** Number of networks trained so. */
  readonly networks: number;
}

/** Sentences about networks that are not done and about mixed executors, the most serious first. */
export function warningsOf(results: Results, executors: readonly ExecutorUse[]): string[] {
  const all = [...results.networks, ...(results.notChosen ?? [])];
  const isOpen = ({ state }: NetworkResult) => state === 'waiting' || state === 'running';
  // One that failed at a rate that was not chosen is no loss.
  const failed = results.networks.filter(({ state }) => state === 'failed');
  const open = all.filter(isOpen);
  const warnings: string[] = [];
  if (open.length > 0) {
    const total = all.length;
    warnings.push(
      `The study is not finished: ${total - open.length} of ${total} networks have ended. Means and intervals are of those alone.`,
    );
  }
  if (failed.length > 0) warnings.push(`${countOf(failed.length)} failed: ${names(failed)}.`);
  warnings.push(...untaughtOf(results), ...untrainedOf(results), ...readBasesOf(results));
  warnings.push(...untrainedBasesOf(results), ...rateWarnings(results));
  const kinds = new Set(
    executors.map(({ name, version, instructionSet, threads }) =>
      [name, version, instructionSet, threads].join(' '),
    ),
  );
  if (kinds.size > 1) {
    warnings.push(
      `The networks were not all trained by the same executor, version, instruction set and thread count (${[...kinds].sort().join('; ')}): small differences between them may be numerical.`,
    );
  }
  return warnings;
}

/** Sentences about networks whose training failed without an error, with what to do. */
export function untaughtOf({ networks }: Results): string[] {
  const dead = networks.filter(({ state }) => state === 'dead');
  const unlearnt = networks.filter(({ notLearnt }) => notLearnt);
  const sentences: string[] = [];
  if (dead.length > 0) {
    sentences.push(
      `${countOf(dead.length)} cannot be told apart from chance${onImages(dead)} (dead): ${names(dead)}. ${deadAdvice} Dead networks are left out of means, except random and reduced-data ones.`,
    );
  }
  if (unlearnt.length > 0) {
    sentences.push(
      `${countOf(unlearnt.length)} did not learn, for the training loss ended above 0.9 ln C (C classes): ${names(unlearnt)}. Their accuracy says how training failed, not what their features are worth. ${unlearntAdvice}`,
    );
  }
  return sentences;
}

const deadAdvice =
  'Their training loss never fell either: train longer, or with another learning rate, or with more images.';
const unlearntAdvice =
  'They are in the means all the same; a smaller learning rate usually mends it.';

// " on 24 test images", " on 24 to 60 test images".
function onImages(networks: readonly NetworkResult[]): string {
  const counts = networks.flatMap(({ testImages }) => testImages ?? []);
  if (counts.length === 0) return '';
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return ` on ${least === most ? most : `${least} to ${most}`} test images`;
}

/** Why networks were not trained: what they copy is not sound, or, of imported studies, there are
 *  no logs. */
function untrainedOf({ networks, notChosen = [], study }: Results): string[] {
  const missing = networks.filter(({ state }) => state === 'missing');
  const all = [...networks, ...notChosen];
  const unsound = groupBy(missing, (network) => {
    const origin = originOf(network, all, study.rates?.[0]);
    if (origin === undefined || !['dead', 'failed', 'missing'].includes(origin.state)) return '';
    const what = origin.treatment === 'base' ? 'their base' : 'what they go on from';
    return `${what} is ${origin.state}`;
  });
  return [...unsound].map(([reason, members]) =>
    reason !== ''
      ? `${countOf(members.length)} not trained, for ${reason}: ${names(members)}.`
      : `${countOf(members.length)} without a test in their logs, or without a log: ${names(members)}.`,
  );
}

function originOf(
  { split, repeat, treatment, source, target, n, lr }: NetworkResult,
  networks: readonly NetworkResult[],
  firstRate: number | undefined,
): NetworkResult | undefined {
  if (source === null) return undefined;
  const { from } = treatments[treatment];
  // Copies are of the first rate; what goes on from a network is of that one's.
  const rate = from === undefined ? firstRate : lr;
  return networks.find(
    (each) =>
      each.treatment === (from ?? 'base') &&
      each.split === split &&
      each.repeat === repeat &&
      (each.lr === undefined || each.lr === rate) &&
      (from === undefined
        ? each.target === source
        : each.source === source && each.target === target && each.n === n),
  );
}

function names(networks: readonly NetworkResult[]): string {
  const shown = networks.slice(0, 8).map((network) => network.name);
  const rest = networks.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
