// What a reader must know before trusting the numbers.
import { countOf } from '../figures/format.js';
import type { NetworkResult, NetworkState, Results } from '../study/results/types.js';

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
  const inState = (state: NetworkState) =>
    results.networks.filter((network) => network.state === state);
  const [failed, dead, missing] = [inState('failed'), inState('dead'), inState('missing')];
  const open = [...inState('waiting'), ...inState('running')];
  const warnings: string[] = [];
  if (open.length > 0) {
    const total = results.networks.length;
    warnings.push(
      `The study is not finished: ${total - open.length} of ${total} networks have ended. Means and intervals are of those alone.`,
    );
  }
  if (failed.length > 0) warnings.push(`${countOf(failed.length)} failed: ${names(failed)}.`);
  if (dead.length > 0) {
    warnings.push(
      `${countOf(dead.length)} never left chance (dead): ${names(dead)}. Dead networks are left out of means, except random and reduced-data ones.`,
    );
  }
  if (missing.length > 0) {
    warnings.push(
      `${countOf(missing.length)} have no test in their logs, or no log: ${names(missing)}.`,
    );
  }
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

function names(networks: readonly NetworkResult[]): string {
  const shown = networks.slice(0, 8).map((network) => network.name);
  const rest = networks.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
