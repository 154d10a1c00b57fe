// The complete study of each subject, once, from the start of its process to the end.
import { join } from 'node:path';
import { describeEnvironment } from '../environment.js';
import type { Options } from './options.js';
import { preparePlan, writePeerInput } from './prepare.js';
import { ourCommand, peerCommand, runToEnd } from './processes.js';
import { writeOut } from './table.js';

/** Times, prints and writes. Decoding the images is not part of either side. */
export async function timeFullStudies(options: Options, scratch: string): Promise<void> {
  const environment = describeEnvironment('bench:study', options.threads);
  const plan = await preparePlan(options.settings);
  const input = join(scratch, 'peer');
  await writePeerInput(plan, input);
  const rows: { name: string; seconds: number | null; problem: string | null }[] = [];
  const { threads } = options;
  const time = async (name: string, command: readonly string[]): Promise<void> => {
    try {
      const seconds = await runToEnd(command, { threads, allowed: [0] });
      rows.push({ name, seconds, problem: null });
      console.log(`${name}: ${seconds.toFixed(1)} s`);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      rows.push({ name, seconds: null, problem });
      console.log(`${name}: left out: ${problem}`);
    }
  };
  for (const variant of options.ours) {
    await time(
      `selffer ${variant}`,
      ourCommand(options, variant, join(scratch, `full-${variant}`), []),
    );
  }
  for (const variant of options.peers) {
    await time(
      `torch ${variant}`,
      peerCommand(options, variant, input, join(scratch, `full-torch-${variant}`), []),
    );
  }
  const ours = rows.filter(({ name, seconds }) => name.startsWith('selffer') && seconds !== null);
  const heads = ours.map(({ name }) => `x of ${name}`);
  const table = [
    `Complete studies of ${plan.networks.length} networks, ${options.settings.join(', ')}; one run each, start of the process to its end, report included.`,
    '',
    `| subject | s | ${heads.join(' | ')} |`,
    `| --- | --- | ${heads.map(() => '---').join(' | ')} |`,
    ...rows.map(({ name, seconds, problem }) => {
      const ratios = ours.map((own) =>
        seconds === null ? '' : (seconds / (own.seconds as number)).toFixed(2),
      );
      return `| ${name} | ${seconds?.toFixed(1) ?? problem} | ${ratios.join(' | ')} |`;
    }),
  ];
  writeOut(options.out, `${table.join('\n')}\n`, { environment, rows } as {
    environment: object;
  });
}
