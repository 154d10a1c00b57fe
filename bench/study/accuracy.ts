// Do both train to the same accuracy? The same networks in our fp32 and bf16 and in PyTorch's fp32,
// paired by name. Whatever has been trained in --out is kept: the same command goes on where it was
// stopped.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onlyMatching } from '../../src/library/only.js';
import type { Plan } from '../../src/study/plan/plan.js';
import { describeEnvironment } from '../environment.js';
import type { Options } from './options.js';
import { type Accuracies, pairedDifference } from './pairing.js';
import { preparePlan, writePeerInput } from './prepare.js';
import { ourCommand, peerCommand, runToEnd } from './processes.js';
import { writeOut } from './table.js';

/** Trains what is missing, prints and writes the comparison. */
export async function compareAccuracies(options: Options, scratch: string): Promise<void> {
  const { out, threads } = options;
  if (out === null) throw new Error('--accuracy needs --out DIR: it is kept there and resumed');
  const environment = describeEnvironment('bench:study', threads);
  const plan = await preparePlan(options.settings);
  const names = chosenNames(plan, options.networks);
  const isAll = names.length === plan.networks.length;
  const only = isAll ? [] : names;
  const input = join(scratch, 'peer');
  await writePeerInput(plan, input);
  const accuracies = new Map<string, Accuracies>();
  const train = async (name: string, command: readonly string[], read: () => Accuracies) => {
    try {
      // Status 1: some network failed or died; the others count.
      const seconds = await runToEnd(command, { threads, allowed: [0, 1] });
      console.log(`${name}: trained what was missing in ${seconds.toFixed(0)} s`);
    } catch (error) {
      console.log(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    const found = read();
    if (found.size > 0) accuracies.set(name, found);
    else console.log(`${name}: left out, no network was trained`);
  };
  for (const variant of options.ours) {
    const folder = join(out, `selffer-${variant}`);
    await train(`selffer ${variant}`, ourCommand(options, variant, folder, only), () =>
      readOurs(folder, names),
    );
  }
  for (const variant of options.peers) {
    const folder = join(out, `torch-${variant}`);
    await train(`torch ${variant}`, peerCommand(options, variant, input, folder, only), () =>
      readPeer(folder, names),
    );
  }
  const differences = comparePairs(accuracies);
  writeOut(out, table(names.length, options, differences), {
    environment,
    settings: options.settings,
    differences,
    accuracies: Object.fromEntries(
      [...accuracies].map(([name, values]) => [name, Object.fromEntries(values)]),
    ),
  });
}

/** Names that match, and the bases that they copy; in order of work. */
function chosenNames(plan: Plan, patterns: readonly string[]): readonly string[] {
  const isWanted = onlyMatching(
    patterns,
    plan.networks.map(({ name }) => name),
  );
  const wanted = plan.networks.filter(({ name }) => isWanted(name));
  const needed = new Set(wanted.flatMap(({ name, requires }) => [name, requires]));
  return plan.networks.map(({ name }) => name).filter((name) => needed.has(name));
}

function readOurs(folder: string, names: readonly string[]): Accuracies {
  const path = join(folder, 'results.json');
  if (!existsSync(path)) return new Map();
  const { networks } = JSON.parse(readFileSync(path, 'utf8')) as {
    networks: { name: string; finalAccuracy: number | null }[];
  };
  return new Map(
    networks.flatMap(({ name, finalAccuracy }) =>
      finalAccuracy === null || !names.includes(name) ? [] : [[name, finalAccuracy] as const],
    ),
  );
}

function readPeer(folder: string, names: readonly string[]): Accuracies {
  return new Map(
    names.flatMap((name) => {
      const path = join(folder, `${name.replaceAll('/', '_')}.json`);
      if (!existsSync(path)) return [];
      const { accuracies } = JSON.parse(readFileSync(path, 'utf8')) as { accuracies: number[] };
      return [[name, accuracies.at(-1) as number] as const];
    }),
  );
}

function comparePairs(accuracies: ReadonlyMap<string, Accuracies>) {
  const all = [...accuracies];
  return all.flatMap(([a, ofA], i) =>
    all.slice(i + 1).map(([b, ofB]) => ({ a, b, ...pairedDifference(ofA, ofB) })),
  );
}

function table(
  count: number,
  options: Options,
  differences: ReturnType<typeof comparePairs>,
): string {
  const points = (value: number | undefined | null): string =>
    value === undefined || value === null ? 'unknown' : value.toFixed(2);
  return [
    `Final top-1 accuracy of ${count} networks, ${options.settings.join(', ')}. Mean of the differences network by network, in percentage points, and its`,
    '90 % t interval. Networks of one study share bases and validation images, so the interval is that of these tasks, not of others.',
    '',
    '| difference | networks | mean Pt | low Pt | high Pt |',
    '| --- | --- | --- | --- | --- |',
    ...differences.map(
      ({ a, b, networks, meanPt, interval }) =>
        `| ${b} - ${a} | ${networks} | ${points(meanPt)} | ${points(interval?.low)} | ${points(interval?.high)} |`,
    ),
    '',
  ].join('\n');
}
