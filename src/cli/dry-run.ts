// `run --dry-run`: what a study needs, before anything is trained.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ExecutorName, firstExecutor } from '../executors/names.js';
import { divideIntoGangs, type GangLimits } from '../study/plan/gangs.js';
import { type Estimate, estimate, rateOf } from '../study/needs/estimate.js';
import { neededBases } from '../study/plan/needed-bases.js';
import type { Plan } from '../study/plan/plan.js';
import { networksToTrain } from '../study/run/run-study.js';
import { StudyFolder } from '../study/run/folder.js';
import { print, printJson } from './output.js';
import { formatDuration, formatSize } from './quantities.js';

/** What a dry run depends on. */
export interface DryRun {
  readonly plan: Plan;
  readonly directory: string;
  readonly only: (network: { readonly name: string }) => boolean;
  readonly limits: GangLimits;
  readonly threads: number;
  readonly executor: 'auto' | ExecutorName;
}

/** Prints networks, time, memory and disk. Leaves the folder as it is. */
export function dryRun(
  { plan, directory, only, limits, threads, executor }: DryRun,
  asJson: boolean,
): void {
  const name = executor === 'auto' ? firstExecutor : executor;
  const isKnown = existsSync(join(directory, 'plan.json'));
  const states = isKnown ? new StudyFolder(directory).states(plan.networks) : new Map();
  const todo = isKnown ? networksToTrain({ plan, directory, only }, 'look') : withBases(plan, only);
  const gangs = divideIntoGangs(plan, todo, limits);
  const needs = estimate(plan, gangs, rateOf(plan, states, name, threads));
  if (asJson) {
    printJson({
      study: plan.study.name,
      directory,
      planned: plan.networks.length,
      ...needs,
      names: todo.map((network) => network.name),
    });
    return;
  }
  print(text(plan, directory, needs, name, threads));
}

function withBases(plan: Plan, only: DryRun['only']): Plan['networks'] {
  const wanted = new Set(plan.networks.filter(only));
  const { copied, compared } = neededBases(plan.networks, wanted);
  return plan.networks.filter(
    (network) => wanted.has(network) || copied.has(network.name) || compared.has(network.name),
  );
}

function text(
  plan: Plan,
  directory: string,
  needs: Estimate,
  executor: string,
  threads: number,
): string {
  const { flopsPerSecond, from } = needs.rate;
  const rate = `${(flopsPerSecond / 1e9).toPrecision(3)} GFLOP/s`;
  const source =
    from === 'measured'
      ? `measured on the networks that ${directory} has`
      : `assumed for ${executor} on ${threads} threads; may be off by a factor of 2`;
  return [
    `${plan.study.name}: ${needs.networks} of ${plan.networks.length} networks to train, in ${needs.gangs} gangs`,
    `  time    ${formatDuration(needs.seconds)} (${(needs.flops / 1e15).toPrecision(3)} PFLOP at ${rate}, ${source})`,
    `  memory  ${formatSize(needs.memoryBytes)} for the largest gang${arenaText(needs)}`,
    `  disk    ${formatSize(needs.diskBytes)} in ${directory}`,
  ].join('\n');
}

function arenaText({ arena }: Estimate): string {
  if (arena === null || arena.peakLiveBytes === 0) return '';
  const ratio = (arena.arenaBytes / arena.peakLiveBytes).toFixed(3);
  return ` (activations ${formatSize(arena.arenaBytes)}, ${ratio} times what is alive at once)`;
}
