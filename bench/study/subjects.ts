// Who is timed: our engine (a part is a gang) and PyTorch (a part is one network), in processes
// that stay alive.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { executorTable } from '../../src/executors/names.js';
import { divideIntoGangs, type Gang, gangJob, largestGang } from '../../src/study/plan/gangs.js';
import type { Plan, PlannedNetwork } from '../../src/study/plan/plan.js';
import { treatments } from '../../src/study/treatments.js';
import { Contestant } from '../contestant.js';
import { root } from './prepare.js';
import type { GangAnswer, GangRequest } from './subject.js';
import type { Part, PartTimes } from './sums.js';

/** How much of a part is timed. */
export interface Effort {
  readonly warmUp: number;
  readonly iterations: number;
}

/** What is summed: the whole study, and its frozen networks (BnB, AnB) alone. */
export interface Totals {
  readonly study: readonly Part[];
  readonly frozen: readonly Part[];
}

/** One program that trains the study in one precision. */
export interface Subject {
  readonly name: string;
  readonly precision: 'fp32' | 'bf16';
  readonly isOurs: boolean;
  readonly parts: readonly string[];
  readonly totals: Totals;
  measure(part: string, effort: Effort): Promise<PartTimes & { readonly engine: string }>;
  end(): void;
}

// The command line's own limits (src/cli/commands/run.ts); memory is no limit for these networks.
const GANG_LIMITS = { memoryBytes: Infinity, networks: largestGang };

function isFrozen({ treatment }: PlannedNetwork): boolean {
  return treatments[treatment].frozen === 'first';
}

/** A process of bench/study/subject.ts. */
export function startEngine(name: string, threads: number): Contestant<GangRequest, GangAnswer> {
  const script = fileURLToPath(new URL('subject.js', import.meta.url));
  return new Contestant(name, [process.execPath, script], {
    ...process.env,
    ...executorTable.onednn.environment(threads),
  });
}

/** Our engine. The gangs are those that `selffer run` makes: bases alone, then all networks of a
 *  target; and, for the frozen networks alone, those that it makes with `--only` of their names.
 *  Bases leave their weights in `directory`. */
export function ourSubject(
  plan: Plan,
  variant: string,
  directory: string,
  threads: number,
): Subject {
  const [precision = '', ...extras] = variant.split('-');
  if (!['fp32', 'bf16'].includes(precision) || extras.some((extra) => extra !== 'exact')) {
    throw new Error(`variant ${variant} of ours: wanted fp32, bf16, fp32-exact or bf16-exact`);
  }
  const engine = {
    executor: 'onednn' as const,
    precision: precision as 'fp32' | 'bf16',
    exact: extras.includes('exact'),
    threads,
    checkpointEverySeconds: 60,
  };
  const study = divideIntoGangs(plan, plan.networks, GANG_LIMITS);
  const frozen = divideIntoGangs(plan, plan.networks.filter(isFrozen), GANG_LIMITS);
  const jobs = new Map<string, { readonly gang: Gang; readonly isBase: boolean }>();
  const partsOf = (gangs: readonly Gang[], kind: string): Part[] =>
    gangs.map((gang) => {
      const id = `${gang.name} ${kind}`;
      jobs.set(id, { gang, isBase: gang.networks[0]?.phase === 'base' });
      return { id, times: 1 };
    });
  const totals = { study: partsOf(study, 'all'), frozen: partsOf(frozen, 'frozen') };
  const name = `selffer ${variant}`;
  const contestant = startEngine(name, threads);
  return {
    name,
    precision: engine.precision,
    isOurs: true,
    parts: [...jobs.keys()],
    totals,
    measure: async (part, effort) => {
      const job = jobs.get(part);
      if (!job) throw new Error(`no part ${part}`);
      return contestant.ask({
        job: gangJob(plan, job.gang, directory, engine),
        saveWeights: job.isBase,
        ...effort,
      });
    },
    end: () => contestant.end(),
  };
}

/** PyTorch. Networks of both directions cost the same, so the first of each (treatment, n) is timed
 *  and counted for all of them. */
export function peerSubject(
  plan: Plan,
  variant: string,
  options: { readonly python: string; readonly input: string; readonly threads: number },
): Subject {
  const kinds = new Map<string, { readonly network: PlannedNetwork; times: number }>();
  for (const network of plan.networks) {
    const key = `${network.treatment} ${network.n}`;
    const kind = kinds.get(key);
    if (kind) kind.times += 1;
    else kinds.set(key, { network, times: 1 });
  }
  const all = [...kinds.values()];
  const parts = (some: typeof all): Part[] =>
    some.map(({ network, times }) => ({ id: network.name, times }));
  const name = `torch ${variant}`;
  const script = join(root, 'bench/peers/torch_study.py');
  const args = ['time', '--study', options.input, '--variant', variant];
  const contestant = new Contestant<object, PartTimes & { readonly engine: string }>(
    name,
    [options.python, script, ...args, '--threads', String(options.threads)],
    { ...process.env, OMP_NUM_THREADS: String(options.threads) },
  );
  return {
    name,
    precision: variant.startsWith('bf16') ? 'bf16' : 'fp32',
    isOurs: false,
    parts: all.map(({ network }) => network.name),
    totals: {
      study: parts(all),
      frozen: parts(all.filter(({ network }) => isFrozen(network))),
    },
    measure: (network, effort) => contestant.ask({ network, ...effort }),
    end: () => contestant.end(),
  };
}
