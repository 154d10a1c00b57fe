// An advice for the terminal: the answer in words first, then the table.
import Table from 'cli-table3';
import { relative } from 'node:path';
import type { Advice, AdvisedArm, AdvisedSource } from '../advise/advice.js';
import { percent, probabilityText } from '../advise/words.js';
import { outputColours } from './output.js';
import { formatDuration } from '../base/quantities.js';

/** The text. @param directory of the advice */
export function adviceText(advice: Advice, directory: string): string {
  const { answer, remarks, arms, sources = [] } = advice;
  const [first = '', ...others] = answer;
  const shown = [
    ...(sources.length === 0 ? [] : [sourceTable(sources)]),
    ...(arms.length === 0 ? [] : [armTable(arms)]),
  ];
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

function sourceTable(sources: readonly AdvisedSource[]): string {
  const table = new Table({
    head: ['network', 'final test', '95 % interval', 'chosen less this', 'probe', 'trained'],
    style: { head: [], border: [] },
  });
  for (const { name, best, probe, isTrained } of sources) {
    table.push([
      name,
      best === null ? '' : percent(best.accuracy),
      best === null ? '' : `${percent(best.low)} to ${percent(best.high)}`,
      best === null ? '' : lessText(best),
      probe === null ? '' : percent(probe.accuracy),
      isTrained ? 'yes' : 'last layer only',
    ]);
  }
  return table.toString();
}

function lessText({ chosenLessThis: less }: AdvisedArm): string {
  return less === null
    ? 'chosen'
    : `${less.differencePt.toFixed(1)} Pt, ${probabilityText(less.p)}`;
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
    table.push([
      each.words,
      percent(each.accuracy),
      `${percent(each.low)} to ${percent(each.high)}`,
      lessText(each),
      percent(each.selectionAccuracy),
      each.parametersTrained.toLocaleString('en-US'),
      formatDuration(each.trainSeconds),
    ]);
  }
  return table.toString();
}
