// The results table for R and pandas: one row a network, RFC 4180.
import { csvText } from '../../base/csv.js';
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

/** Later than the others: whoever counts columns finds the old ones where they were. */
const laterColumns = ['imagesPerClass', 'testImages', 'classes'] as const;

const rateColumns = ['lr', 'chosen', 'selectionAccuracy'] as const;

/** CSV text with a header line, CR LF line ends and empty cells for unknown values. Column
 *  `overBasePt` is the network's accuracy minus the mean base of its own (split, target), in
 *  percentage points. Networks of several learning rates are all there, also those that do not
 *  count, and say which they are. Each further test set has a column, `accuracy on <name>`; then
 *  come training images a class (empty: all), test images and classes. */
export function formatCsv(results: Results): string {
  const overBasePt = differencesToBase(results.networks);
  const tests = Object.keys(results.study.tests ?? {}).sort();
  const own = results.study.rates === undefined ? [] : rateColumns;
  const all = [...results.networks, ...(results.notChosen ?? [])];
  const rows = all.map((network) => {
    const record = { ...network, overBasePt: roundNumbers(overBasePt.get(network) ?? null) };
    return [
      ...[...columns, ...own].map((column) => record[column]),
      ...tests.map((test) => network.tests?.[test]),
      ...laterColumns.map((column) => network[column]),
    ];
  });
  const further = tests.map((test) => `accuracy on ${test}`);
  return csvText([[...columns, ...own, ...further, ...laterColumns], ...rows]);
}
