// `selffer report DIR`: results and report from the runs that a folder has.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { asReport } from '../../library/report.js';
import { inWords } from '../finish-report.js';
import { print, remark } from '../output.js';
import { writePublication } from '../../report/publication/write-publication.js';
import { reportData } from '../../report/report-data.js';
import { type ReportData, type ReportFiles, writeReport } from '../../report/write-report.js';
import { formatResults } from '../../study/results/json.js';
import type { Results } from '../../study/results/types.js';
import { keptResults, readResults } from '../../study/store/results-file.js';
import { writeTensorboard } from '../../tensorboard/write-scalars.js';
import { formatCsv } from '../../study/results/csv.js';

interface Options {
  readonly against?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly tensorboard?: string;
  readonly paper?: boolean;
}

/** Adds the command. */
export function addReport(program: Command): void {
  program
    .command('report')
    .description('rebuild results.json and report.html from the runs of a study')
    .argument('<dir>', 'folder of a study, or one with its results.json alone')
    .option('--against <dir>', 'another study, laid over the figures and set beside the numbers')
    .option('--json', 'print results.json instead of the table')
    .option('--csv', 'print one line a network, for R and pandas, instead of the table')
    .option('--tensorboard <dir>', 'write the networks’ curves there, for TensorBoard')
    .option(
      '--paper',
      'also write DIR/paper: figures as PDF, tables for LaTeX, a paragraph on methods, references',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  selffer report demo --csv > networks.csv\n  selffer report demo --paper\n  selffer report tiny-imagenet --against yosinski2014\n  selffer report demo --tensorboard curves && tensorboard --logdir curves',
    )
    .action(async (dir: string, options: Options) => {
      const against = options.against === undefined ? null : resultsOf(resolve(options.against));
      if (options.tensorboard !== undefined) {
        writeTensorboard(resolve(options.tensorboard), resolve(dir));
      }
      const own = reportData(resolve(dir));
      const data = against === null ? own : { ...own, against };
      const files = await writeReport(resolve(dir), data);
      const report = inWords(asReport(data, files));
      for (const line of report.failed) remark(line);
      if (options.paper) await writePaper(resolve(dir), data, files);
      if (options.json) print(jsonOf(report.results, against));
      else if (options.csv) print(formatCsv(report.results).trimEnd());
      else print(report.text);
    });
}

async function writePaper(
  directory: string,
  data: ReportData,
  { drawn }: ReportFiles,
): Promise<void> {
  const { folder, failed } = await writePublication(directory, data, drawn);
  for (const { title, reason } of failed) remark(`${title} could not be drawn: ${reason}`);
  remark(`for a paper: ${folder}`);
}

function resultsOf(directory: string): Results {
  return keptResults(directory) ?? readResults(directory);
}

// results.json as it is; with another study, one object more.
function jsonOf(results: Results, against: Results | null): string {
  const text = formatResults(results).trimEnd();
  if (against === null) return text;
  const both = {
    ...(JSON.parse(text) as object),
    against: JSON.parse(formatResults(against)) as object,
  };
  return JSON.stringify(both, null, 2);
}
