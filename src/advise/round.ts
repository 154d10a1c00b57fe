// A round of training: some arms, so many epochs, as studies in the advice's folder, one for each
// rate. Everything that trains, saves and resumes is the study's own.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import { type Check, number, objectOf, optional, text } from '../base/checks.js';
import { networkFiles } from '../runs/files.js';
import { readRecord } from '../runs/record.js';
import { printStudy } from '../study/file/print-study.js';
import { readStudyFile } from '../study/file/read-study.js';
import { gangFlops } from '../study/needs/cost.js';
import { divideIntoGangs, type Gang } from '../study/plan/gangs.js';
import { type Plan, type PlannedNetwork, planStudy } from '../study/plan/plan.js';
import { networksToTrain, runStudy } from '../study/run/run-study.js';
import { lockStudy } from '../study/store/lock.js';
import { openFolder } from '../study/store/open-folder.js';
import type { AdviceContext } from './advice-context.js';
import { type Arm, armCheck, armKey, withNeeded } from './arms.js';

/** What is trained in a round. */
export interface Round {
  /** Folder below the advice's. */
  readonly name: string;
  readonly arms: readonly Arm[];
  readonly epochs: number;
  /** Training images of each class; null: all. */
  readonly imagesPerClass: number | null;
}

/** What an arm reached on the images to choose by. */
export interface ArmResult {
  readonly arm: Arm;
  readonly accuracy: number;
  /** Mean cross-entropy. */
  readonly loss: number;
  /** What it is ranked by, see `scored`; without one, its accuracy. */
  readonly score?: number;
  readonly seconds: number;
  /** Folder of its study, and its name there. */
  readonly study: string;
  readonly network: string;
}

/** Check of one that is read back. */
export const armResultCheck: Check<ArmResult> = objectOf<ArmResult>({
  arm: armCheck,
  ...{ accuracy: number, loss: number, seconds: number, study: text, network: text },
  score: optional(number),
});

const BATCH = 32;

/** Most epochs that an arm is trained for: 30, and with few images as many more as make 400
 *  minibatches, at most 100. */
export function longestEpochs(trainImages: number): number {
  return Math.max(30, Math.min(100, Math.ceil(400 / Math.ceil(trainImages / BATCH))));
}

/** One study of a round, planned. */
export interface RoundStudy {
  readonly directory: string;
  readonly plan: Plan;
  readonly arms: ReadonlyMap<string, Arm>;
}

/** The studies of a round. Planning reads the source's weights, and trains nothing.
 *  @throws ParseError, PlanError if network and data do not fit */
export async function planRound(
  context: AdviceContext,
  round: Round,
): Promise<readonly RoundStudy[]> {
  const studies: RoundStudy[] = [];
  for (const [key, arms] of byStudy(withNeeded(round.arms))) {
    const directory = join(context.directory, round.name, key);
    mkdirSync(directory, { recursive: true });
    const path = join(directory, 'asked.yaml');
    writeFileAtomic(path, `${JSON.stringify(studyText(context, round, arms), null, 1)}\n`);
    const { study } = readStudyFile(path);
    const plan = planStudy(study, await context.host.prepare(study));
    const named = plan.networks.flatMap((network) => {
      const arm = arms.find((each) => isOf(network, each));
      return arm === undefined ? [] : [[network.name, arm] as const];
    });
    studies.push({ directory, plan, arms: new Map(named) });
  }
  return studies;
}

// From scratch apart: a study with a base trains it beside whatever is chosen of the others.
function byStudy(arms: readonly Arm[]): ReadonlyMap<string, readonly Arm[]> {
  const groups = new Map<string, Arm[]>();
  for (const arm of arms) {
    const key = `${arm.treatment === 'base' ? 'scratch' : 'copies'}-${arm.rate}`;
    groups.set(key, [...(groups.get(key) ?? []), arm]);
  }
  return groups;
}

function isOf({ treatment, n, target }: PlannedNetwork, arm: Arm): boolean {
  return treatment === arm.treatment && n === arm.n && target === 'B';
}

function studyText(context: AdviceContext, round: Round, arms: readonly Arm[]): object {
  const { source, data, preprocessing, seed, mirror } = context;
  const { epochs } = round;
  const perEpoch = Math.ceil(trainImages(context, round) / BATCH);
  const layers = [...new Set(arms.map(({ n }) => n).filter((n) => n > 0))].sort((a, b) => a - b);
  const { height } = source.network.input;
  return {
    name: 'advice',
    data: {
      ...{ source: data.store, size: height, mirror },
      ...{ mean: preprocessing.mean, std: preprocessing.std },
    },
    tasks: { A: { data: data.store }, B: { data: data.store } },
    network: source.file,
    bases: { A: { network: source.file, hasSeen: [] } },
    solver: {
      ...{ type: 'adamw', lr: arms[0]?.rate, batch: BATCH, epochs },
      ...{ lrPolicy: 'cosine', noDecay: 'norms-and-biases' },
      warmup: Math.max(1, Math.round(0.1 * epochs * perEpoch)),
      testEvery: `${epochs}epochs`,
    },
    treatments: [...new Set(arms.map(({ treatment }) => treatment))],
    layers: layers.length === 0 ? [1] : layers,
    targets: ['B'],
    imagesPerClass: round.imagesPerClass ?? 'all',
    seed,
    keep: 'all',
  };
}

function trainImages({ data }: AdviceContext, { imagesPerClass }: Round): number {
  if (imagesPerClass === null) return data.train;
  return Math.min(data.train, imagesPerClass * data.classes.length);
}

/** FLOPs of a round, how many processes train it, and its first gang. */
export function roundCost(
  { host }: AdviceContext,
  studies: readonly RoundStudy[],
  wanted: (arm: Arm) => boolean = () => true,
): {
  readonly flops: number;
  readonly gangs: number;
  readonly first: { readonly plan: Plan; readonly gang: Gang } | null;
} {
  let [flops, gangs] = [0, 0];
  let first: { plan: Plan; gang: Gang } | null = null;
  for (const { plan, directory, arms } of studies) {
    const only = ({ name }: PlannedNetwork): boolean => {
      const arm = arms.get(name);
      return arm !== undefined && wanted(arm);
    };
    const todo = networksToTrain({ plan, directory, only });
    for (const gang of divideIntoGangs(plan, todo, host.limits)) {
      flops += gangFlops(plan.study.network, gang.networks);
      gangs++;
      first ??= { plan, gang };
    }
  }
  return { flops, gangs, first };
}

/** Trains what is missing of a round, study by study. @returns whether all has ended */
export async function trainRound(
  { host }: AdviceContext,
  studies: readonly RoundStudy[],
): Promise<boolean> {
  for (const { directory, plan, arms } of studies) {
    if (host.stop.aborted) return false;
    const unlock = lockStudy(directory);
    try {
      for (const warning of openFolder(directory, plan, printStudy(plan.study), true)) {
        host.say(warning);
      }
      const { executor, threads, launcher, limits, onEvent, stop, kill } = host;
      const engine = {
        ...{ executor, threads, precision: plan.study.precision, exact: false },
        ...{ checkpointEverySeconds: 30, loaders: 0, profile: false },
      };
      const only = ({ name }: PlannedNetwork): boolean => arms.has(name);
      const run = { plan, directory, launcher, engine, limits, only, onEvent, stop, kill };
      const { outcome, failure } = await runStudy(run);
      if (failure) host.say(failure.message);
      if (outcome === 'stopped') return false;
    } finally {
      unlock();
    }
  }
  return true;
}

/** What the arms of a round have reached, of those that have ended, {@link ranked}. */
export function roundResults(studies: readonly RoundStudy[]): readonly ArmResult[] {
  const results = studies.flatMap(({ directory, arms }) =>
    [...arms].flatMap(([network, arm]): ArmResult[] => {
      const record = readRecord(networkFiles(directory, network).record);
      if (record === null || record.state === 'failed' || record.finalAccuracy === null) return [];
      const loss = record.finalTestLoss ?? Number.MAX_VALUE;
      const seconds = record.trainSeconds;
      return [{ arm, accuracy: record.finalAccuracy, loss, seconds, study: directory, network }];
    }),
  );
  return ranked(results);
}

/** The best first: by score, then by accuracy, by loss, by name. */
export function ranked(results: readonly ArmResult[]): readonly ArmResult[] {
  const scoreOf = ({ score, accuracy }: ArmResult): number => score ?? accuracy;
  return [...results].sort(
    (a, b) =>
      scoreOf(b) - scoreOf(a) ||
      b.accuracy - a.accuracy ||
      a.loss - b.loss ||
      (armKey(a.arm) < armKey(b.arm) ? -1 : 1),
  );
}
