// What came out, as tables.
import type { SettingResult } from './one-setting.js';
import { type Chooser, choosers } from './regret.js';

/** Regrets by setting, points with their standard errors; the last row is the mean over settings
 *  with the standard error of that mean. */
export function regretTable(results: readonly SettingResult[]): string {
  const head = ['setting', 'best of the sweep', ...choosers];
  const rows = results.map(({ setting, oracleAccuracy, regrets }) => [
    setting.name,
    `${(100 * oracleAccuracy).toFixed(1)} %`,
    ...choosers.map((chooser) => {
      const found = regrets.find((each) => each.chooser === chooser);
      return found === undefined
        ? '-'
        : `${points(found.regretPt)} \u00b1 ${found.standardErrorPt.toFixed(1)}`;
    }),
  ]);
  const means = choosers.map((chooser) => meanText(results, chooser));
  return markdown([head, ...rows, ['**mean**', '', ...means]]);
}

/** What was chosen, and what would have been best. */
export function wayTable(results: readonly SettingResult[]): string {
  const rows = results.map(({ setting, best, regrets, outcome, train, test, adviseSeconds }) => [
    setting.name,
    String(train),
    String(test),
    adviseSeconds.toFixed(0),
    outcome,
    regrets.find(({ chooser }) => chooser === 'advise, as delivered')?.way ?? '-',
    [...new Set(best)].join('; '),
  ]);
  const head = ['setting', 'trained on', 'tested on', 'seconds', 'outcome', 'chosen', 'best'];
  return markdown([head, ...rows]);
}

function meanText(results: readonly SettingResult[], chooser: Chooser): string {
  const values = results.flatMap(({ regrets }) =>
    regrets.filter((each) => each.chooser === chooser).map(({ regretPt }) => regretPt),
  );
  if (values.length < 2) return '-';
  const centre = values.reduce((sum, each) => sum + each, 0) / values.length;
  const squares = values.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  const error = Math.sqrt(squares / (values.length - 1) / values.length);
  return `${points(centre)} \u00b1 ${error.toFixed(1)} (${values.length})`;
}

function points(value: number): string {
  const text = Math.abs(value).toFixed(1);
  return value < 0 && text !== '0.0' ? `\u2212${text}` : text;
}

function markdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
