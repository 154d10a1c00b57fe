// An advice for the terminal: the answer in words first, then the table.
import Table from 'cli-table3';
import { relative } from 'node:path';
import type { Advice, AdvisedArm } from '../advise/advice.js';
import { outputColours } from './output.js';
import { formatDuration } from './quantities.js';

/** The text. @param directory of the advice */
export function adviceText(advice: Advice, directory: string): string {
  const { answer, remarks, arms } = advice;
  const [first = '', ...others] = answer;
  const shown = arms.length === 0 ? [] : [armTable(arms)];
  return [
    outputColours.bold(first),
    ...others,
    '',
    ...shown,
    ...remarks.map((remark) => outputColours.dim(`- ${remark}`)),
    '',
    `${relative('.', directory) || '.'}/report.html, advice.json`,
  ].join('\n');
}

function armTable(arms: readonly AdvisedArm[]): string {
  const table = new Table({
    head: [
      'way',
      'final test',
      '95 % interval',
      'chosen less this',
      'to choose by',
      'parameters',
      'time',
    ],
    style: { head: [], border: [] },
  });
  for (const each of arms) {
    const { chosenLessThis: less } = each;
    table.push([
      each.words,
      percent(each.accuracy),
      `${percent(each.low)} to ${percent(each.high)}`,
      less === null ? 'chosen' : `${less.differencePt.toFixed(1)} Pt, p ${less.p.toPrecision(2)}`,
      percent(each.selectionAccuracy),
      each.parametersTrained.toLocaleString('en-US'),
      formatDuration(each.trainSeconds),
    ]);
  }
  return table.toString();
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
