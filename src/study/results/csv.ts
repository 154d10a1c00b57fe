// The results table for R and pandas: one row a network, RFC 4180.
import { differencesToBase } from './measured.js';
import { roundNumbers } from './round.js';
import type { Results } from './types.js';

const columns = [
  'name',
  'family',
  'split',
  'repeat',
  'treatment',
  'source',
  'target',
  'n',
  'state',
  'accuracy',
  'finalAccuracy',
  'overBasePt',
  'originalName',
] as const;

/** CSV text with a header line, CR LF line ends and empty cells for unknown values. Column
 *  `overBasePt` is the network's accuracy minus the mean base of its own (split, target), in
 *  percentage points; each further test set has a column at the end, `accuracy on <name>`. */
export function formatCsv(results: Results): string {
  const overBasePt = differencesToBase(results.networks);
  const tests = Object.keys(results.study.tests ?? {}).sort();
  const rows = results.networks.map((network) => {
    const record = { ...network, overBasePt: roundNumbers(overBasePt.get(network) ?? null) };
    const further = tests.map((test) => quote(network.tests?.[test] ?? null));
    return [...columns.map((column) => quote(record[column])), ...further];
  });
  const header = [...columns, ...tests.map((test) => quote(`accuracy on ${test}`))];
  return [header, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

function quote(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
