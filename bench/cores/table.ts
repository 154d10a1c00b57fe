// What `bench:cores` says: a table for each network, as Markdown.
import type { describeEnvironment } from '../environment.js';
import { median } from '../median.js';

/** Milliseconds of an iteration of two gangs of a size, a value a round. */
export interface Times {
  readonly size: number;
  /** One worker of two threads, one gang after the other. */
  readonly one: number[];
  /** Two workers of a thread, a gang each, side by side. */
  readonly two: number[];
  /** One worker of two threads, all networks in one gang; none where there are too few networks. */
  readonly joined: number[];
}

/** The table of a network: medians, and the median of the rounds' ratios to one worker. */
export function coresTable(table: readonly Times[]): string {
  const rows = table.map(({ size, one, two, joined }) => {
    const cells = [two, joined].map((some) =>
      some.length === 0 ? '' : `${median(some).toFixed(1)} (${ratio(some, one)})`,
    );
    return `| ${size} | ${median(one).toFixed(1)} | ${cells.join(' | ')} |`;
  });
  return [
    '| gangs of | 1 worker, 2 threads | 2 workers, 1 thread | 1 worker, both as one gang |',
    '| -------- | ------------------- | ------------------- | -------------------------- |',
    ...rows,
  ].join('\n');
}

function ratio(some: readonly number[], others: readonly number[]): string {
  return median(some.map((ms, round) => ms / (others[round] as number))).toFixed(2);
}

/** README.md of a results folder. */
export function coresReadme(
  environment: ReturnType<typeof describeEnvironment>,
  results: readonly { readonly network: string; readonly batch: number; readonly table: string }[],
  rounds: number,
): string {
  const { date, command, machine, loadAverage, node, commit } = environment;
  return `# One worker of two threads, or two of one, ${date.slice(0, 10)}

Which way to share out two cores is quicker? Two gangs of copies (\`BnB\`, \`BnB+\`, \`AnB\`, \`AnB+\`, cut
at every depth) are trained one after the other by one worker with two threads, side by side by two
workers with a thread each, and as one gang of twice the size by one worker. Milliseconds of an
iteration of both gangs, medians of ${rounds} interleaved rounds; in brackets the median of the rounds'
ratios to one worker: below 1 is quicker than it. Without start, compilation, tests and files.

${machine}, Node ${node}, commit ${commit}, load average ${loadAverage.toFixed(1)} at the start.

\`\`\`sh
${command}
\`\`\`

${results.map(({ network, batch, table }) => `\`${network}\`, minibatch of ${batch}:\n\n${table}\n`).join('\n')}`;
}
