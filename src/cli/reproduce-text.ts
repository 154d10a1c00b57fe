// What training networks again has shown, for the terminal.
import {
  type AccuracyChange,
  type Difference,
  isOtherArithmetic,
} from '../study/reproduce/compare-runs.js';
import type { Reproduction, ReproductionVerdict } from '../study/reproduce/judge.js';
import { formatAccuracy } from './quantities.js';

const words: Readonly<Record<ReproductionVerdict, string>> = {
  equal: 'equal to the bit',
  expected: 'other numbers, as other arithmetic makes them',
  differs: 'DIFFERS',
  'not-trained': 'not trained again',
};

const networks = (count: number): string => `${count} ${count === 1 ? 'network' : 'networks'}`;

/** A paragraph for each network, and a line that counts them. */
export function reproductionText(found: readonly Reproduction[]): string {
  const counts = (Object.keys(words) as ReproductionVerdict[]).flatMap((verdict) => {
    const count = found.filter((each) => each.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${words[verdict]}`];
  });
  return [...found.flatMap(linesOf), `${networks(found.length)}: ${counts.join(', ')}`].join('\n');
}

function linesOf(each: Reproduction): readonly string[] {
  const { name, verdict, message, contradiction, firstDifference, accuracy, environment } = each;
  const lines = [`${name}: ${words[verdict]}${message === null ? '' : `: ${message}`}`];
  if (contradiction !== null) {
    const { what, recorded, reproduced } = contradiction;
    const own = `${what} is ${shown(recorded)} in run.json`;
    lines.push(`${own}, ${shown(reproduced)} by the metrics beside it: one of them was changed`);
  }
  if (firstDifference !== null) lines.push(`first difference: ${differenceText(firstDifference)}`);
  if (accuracy !== null && firstDifference !== null) lines.push(accuracyText(accuracy));
  for (const { what, recorded, reproduced } of environment) {
    lines.push(`${environmentWords[what]}: ${recorded} when recorded, ${reproduced} now`);
  }
  if (verdict === 'differs' && !isOtherArithmetic(environment)) {
    lines.push('nothing that is known of the environment changed: the numbers should be equal');
  }
  for (const copied of each.trainedToo) {
    lines.push(
      `${copied}, which it copies, was trained again too: its weights are gone or changed`,
    );
  }
  return lines.map((line, index) => (index === 0 ? line : `  ${line}`));
}

const environmentWords = {
  name: 'executor',
  version: 'library',
  instructionSet: 'instruction set',
  threads: 'threads',
  host: 'machine',
} as const;

function differenceText({ what, iteration, recorded, reproduced }: Difference): string {
  const where = iteration === null ? '' : ` of the test at iteration ${iteration}`;
  return `${what}${where}: recorded ${shown(recorded)}, now ${shown(reproduced)}`;
}

function accuracyText({ recorded, reproduced, differencePt, expectedPt, of }: AccuracyChange) {
  const change = `${differencePt < 0 ? '−' : '+'}${Math.abs(differencePt).toFixed(2)} Pt`;
  const told = `accuracy ${formatAccuracy(recorded)}, now ${formatAccuracy(reproduced)} (${change})`;
  if (expectedPt === null) return `${told}; nothing in the study tells what chance makes of it`;
  return `${told}; chance makes up to ${expectedPt.toFixed(2)} Pt of it in 19 of 20 cases (${of})`;
}

const LONGEST = 80;

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
