// `run --dry-run`: what a study needs and how its network is read, before anything is trained or
// decoded.
import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory } from '../base/cache-directory.js';
import { freeBytes } from '../data/pack/disk-room.js';
import { type ExecutorName, firstExecutor } from '../executors/names.js';
import { divideIntoGangs, type GangLimits } from '../study/plan/gangs.js';
import { type Estimate, estimate, type Rate, rateOf } from '../study/needs/estimate.js';
import type { SettingSources } from '../study/file/setting-sources.js';
import { neededNetworks } from '../study/plan/needed-networks.js';
import type { Plan } from '../study/plan/plan.js';
import { networksToTrain } from '../study/run/run-study.js';
import { StudyFolder } from '../study/run/folder.js';
import { measuredRate } from '../library/measured-rate.js';
import { networkFacts, networkText } from './network-text.js';
import { colours, print, printJson } from './output.js';
import { formatDuration, formatSize } from '../base/quantities.js';

/** What a dry run depends on. */
export interface DryRun {
  readonly plan: Plan;
  readonly directory: string;
  readonly only: (network: { readonly name: string }) => boolean;
  readonly limits: GangLimits;
  /** Threads of one worker. */
  readonly threads: number;
  readonly workers: number;
  readonly executor: 'auto' | ExecutorName;
  readonly setBy: SettingSources;
  /** Bytes that decoding the images will add to the cache. */
  readonly cacheBytes: number;
}

/** Prints networks, time, memory and disk, and the network as it will be trained. Leaves the folder
 *  as it is.
 *  @returns the exit status: 1 if it cannot be trained on this machine, else 0 */
export async function dryRun(request: DryRun, asJson: boolean): Promise<number> {
  const { plan, directory, only, limits, threads, workers, cacheBytes } = request;
  const name = request.executor === 'auto' ? firstExecutor : request.executor;
  const isKnown = existsSync(join(directory, 'plan.json'));
  const states = isKnown ? new StudyFolder(directory).states(plan.networks) : new Map();
  const todo = isKnown
    ? networksToTrain({ plan, directory, only }, 'look')
    : withNeeded(plan, only);
  const gangs = divideIntoGangs(plan, todo, limits);
  const recorded = rateOf(plan, states, name, threads * workers);
  const rate =
    recorded.from === 'assumed' ? await measured(request, name, gangs[0], recorded) : recorded;
  const needs = estimate(plan, gangs, rate);
  const short = shortages(needs, directory, cacheBytes);
  if (asJson) {
    printJson({
      study: plan.study.name,
      directory,
      planned: plan.networks.length,
      ...needs,
      cacheBytes,
      names: todo.map((network) => network.name),
      network: networkFacts(plan),
      setBy: request.setBy,
      shortages: short,
    });
  } else {
    print(text(request, needs, name));
    print(networkText(plan, request.setBy));
    for (const line of short) print(`${colours.yellow('warning')} ${line}`);
  }
  return short.length === 0 ? 0 : 1;
}

async function measured(
  { plan, threads, workers }: DryRun,
  executor: ExecutorName,
  gang: Parameters<typeof measuredRate>[1],
  assumed: Rate,
): Promise<Rate> {
  const rate = await measuredRate(plan, gang, executor, threads);
  return rate === null ? assumed : { flopsPerSecond: rate * workers, from: 'timed' };
}

/** What this machine has too little of, as sentences. */
function shortages(needs: Estimate, directory: string, cacheBytes: number): string[] {
  const found: string[] = [];
  const memory = Math.min(totalmem(), process.constrainedMemory?.() || Infinity);
  if (needs.memoryBytes > memory) {
    found.push(
      `the largest gang needs ${formatSize(needs.memoryBytes)} of memory, this machine has ${formatSize(memory)}: take a smaller batch or network`,
    );
  }
  for (const [bytes, folder, what] of [
    [needs.diskBytes, directory, 'weights and checkpoints'],
    [cacheBytes, cacheDirectory(), 'decoded images'],
  ] as const) {
    const free = freeBytes(join(folder, 'anything'));
    if (bytes > free) {
      found.push(`${what} need ${formatSize(bytes)}, ${formatSize(free)} are free in ${folder}`);
    }
  }
  return found;
}

function withNeeded(plan: Plan, only: DryRun['only']): Plan['networks'] {
  const wanted = new Set(plan.networks.filter(only));
  const { copied, compared } = neededNetworks(plan.networks, wanted);
  return plan.networks.filter(
    (network) =>
      network.pretrained === undefined &&
      (wanted.has(network) || copied.has(network.name) || compared.has(network.name)),
  );
}

const rateSources: { readonly [K in Rate['from']]: (request: DryRun, name: string) => string } = {
  measured: ({ directory }) => `measured on the networks that ${directory} has`,
  timed: () => 'timed now on one network; may be off by a third',
  assumed: ({ threads, workers }, name) =>
    `assumed for ${name} on ${threads * workers} threads; may be off by a factor of 4`,
};

function text(request: DryRun, needs: Estimate, executor: string): string {
  const { plan, directory, cacheBytes } = request;
  const { flopsPerSecond, from } = needs.rate;
  const rate = `${(flopsPerSecond / 1e9).toPrecision(3)} GFLOP/s`;
  const source = rateSources[from](request, executor);
  const cache =
    cacheBytes === 0
      ? []
      : [`  cache   ${formatSize(cacheBytes)} for decoded images in ${cacheDirectory()}`];
  return [
    `${plan.study.name}: ${needs.networks} of ${plan.networks.length} networks to train, in ${needs.gangs} gangs`,
    `  time    ${formatDuration(needs.seconds)} (${(needs.flops / 1e15).toPrecision(3)} PFLOP at ${rate}, ${source})`,
    `  memory  ${formatSize(needs.memoryBytes)} for the largest gang${arenaText(needs)}`,
    `  disk    ${formatSize(needs.diskBytes)} in ${directory}`,
    ...cache,
  ].join('\n');
}

function arenaText({ arena }: Estimate): string {
  if (arena === null || arena.peakLiveBytes === 0) return '';
  const ratio = (arena.arenaBytes / arena.peakLiveBytes).toFixed(3);
  return ` (activations ${formatSize(arena.arenaBytes)}, ${ratio} times what is alive at once)`;
}
