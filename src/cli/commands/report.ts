// `selffer report DIR`: results and report from the runs that a folder has.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { finishReport } from '../finish-report.js';
import { print } from '../output.js';
import { formatResults } from '../../study/results/json.js';
import { formatCsv } from '../../study/results/csv.js';

/** Adds the command. */
export function addReport(program: Command): void {
  program
    .command('report')
    .description('rebuild results.json and report.html from the runs of a study')
    .argument('<dir>', 'folder of a study')
    .option('--json', 'print results.json instead of the table')
    .option('--csv', 'print one line a network, for R and pandas, instead of the table')
    .addHelpText('after', '\nExample:\n  selffer report demo --csv > networks.csv')
    .action(async (dir: string, options: { json?: boolean; csv?: boolean }) => {
      const report = await finishReport(resolve(dir));
      if (options.json) print(formatResults(report.results).trimEnd());
      else if (options.csv) print(formatCsv(report.results).trimEnd());
      else print(report.text);
    });
}
