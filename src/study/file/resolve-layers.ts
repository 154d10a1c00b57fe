// `layers:` of a study: after which segments its network is cut.
import { cutPoints, segmentsOf } from '../../net/cuts.js';
import type { Network } from '../../net/network.js';
import { stageCuts } from '../../net/stages.js';
import type { Report } from './located.js';
import { shown } from './schema-words.js';
import type { StudyText } from './study-source.js';
import { nearest } from './suggest.js';

// More wrong ones, or more possible ones, are not listed each.
const FEW = 20;

/** Values of n, ascending: of `all`, `stages`, a range, numbers and names of segments. */
export function resolveLayers(
  { layers = 'all' }: Pick<StudyText, 'layers'>,
  network: Network | null,
  report: Report,
): readonly number[] {
  if (network === null) return [];
  const possible = cutPoints(network);
  if (layers === 'all') return possible;
  if (layers === 'stages') return stageCuts(network);
  if (typeof layers === 'string' && /^\d+\.\.\d+$/.test(layers)) {
    return resolveRange(layers, network, report);
  }
  const asked = [layers].flat().map((one) => numberOf(one, network) ?? one);
  const wrong = asked.filter((one) => typeof one === 'string' || !possible.includes(one));
  if (wrong.length > 0) outside(wrong, network, report);
  const numbers = asked.filter((one) => typeof one === 'number');
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function numberOf(asked: number | string, network: Network): number | undefined {
  if (typeof asked === 'number') return asked;
  return segmentsOf(network).find(({ name }) => name === asked)?.ordinal;
}

function resolveRange(text: string, network: Network, report: Report): readonly number[] {
  const possible = cutPoints(network);
  const [first, last] = text.split('..').map(Number) as [number, number];
  if (first > last) report('/layers', `layers: ${text} is empty`);
  // Its ends first: a range can be far longer than any list.
  const isInside = possible.includes(first) && possible.includes(last);
  if (!isInside && first <= last) outside([text], network, report);
  return possible.filter((n) => n >= first && n <= last);
}

function outside(wrong: readonly (number | string)[], network: Network, report: Report): void {
  const found = wrong.length > FEW ? shown(wrong) : wrong.join(', ');
  report('/layers', `layers: found ${found}, ${network.name} can be cut after ${choices(network)}`);
  for (const name of wrong.filter((one) => typeof one === 'string')) {
    const guess = nearest(name, namesOf(network));
    if (guess !== null) report('/layers', `layers: did you mean ${guess} for ${name}?`);
  }
}

function choices(network: Network): string {
  const possible = cutPoints(network);
  if (possible.length > FEW) {
    const names = namesOf(network);
    return `1 to ${possible.length} (${names[0]} to ${names.at(-1)}; selffer cuts lists them)`;
  }
  const names = namesOf(network);
  // Names of layers in a chain say no more than their number.
  const isChain = segmentsOf(network).every(({ weightLayers }) => weightLayers.length === 1);
  return possible.map((n) => (isChain ? `${n}` : `${n} (${names[n - 1]})`)).join(', ');
}

function namesOf(network: Network): readonly string[] {
  return segmentsOf(network)
    .slice(0, -1)
    .map(({ name }) => name);
}
