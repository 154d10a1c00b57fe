// Which of several sources: all are looked at, the most promising are trained, the best way of each
// is judged on the same images.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, count, listOf, objectOf } from '../base/checks.js';
import { UsageError } from '../base/errors.js';
import type { Advice } from './advice.js';
import { answer, judgement, resultsOf, type TrainedSource } from './answer.js';
import { comparedSources, type JudgedSource } from './compare-sources.js';
import { type DividedData, dividedData } from './divide.js';
import type { AdviceHost } from './host.js';
import { mostPerClass } from './image-budget.js';
import type { Judgement } from './judged.js';
import { type LookedAt, lookAt } from './looked-at.js';
import { realStage } from './real-stage.js';
import type { AdviceRequest } from './request.js';
import type { ArmResult } from './round.js';
import { readSource, type SourceNetwork } from './source.js';
import { sourceSentences } from './source-verdict.js';
import { stage } from './stage.js';
import { hasLearnedFeatures } from './verdict.js';

/** A source of several. */
interface NamedSource {
  readonly name: string;
  /** Its folder below that of the advice. */
  readonly folder: string;
  readonly source: SourceNetwork;
  readonly data: DividedData;
}

type NamedLook = NamedSource & { readonly look: LookedAt };
type NamedTrained = NamedSource & { readonly found: TrainedSource };

/** What the chosen source's advice says, with all sources beside it.
 *  @param hashes of the models   @throws UsageError if a network is there twice; what reading and
 *  workers throw; the reason of the stop if nothing is known yet */
export async function adviseOnSeveral(
  request: AdviceRequest,
  hashes: readonly string[],
  host: AdviceHost,
): Promise<{ readonly advice: Advice; readonly judged: Judgement; readonly store: string }> {
  const sources = await readSources(request, hashes, host);
  const looks = await lookAtAll(request, sources, host);
  const trained = await trainPromising(request, looks, sources.length, host);
  const byResult = [...trained].sort((a, b) => compareBest(a.found, b.found));
  const [chosen, ...others] = byResult as [NamedTrained, ...NamedTrained[]];
  const isWhole = trained.length === sources.length && trained.every(isDone);
  const own = withWhole(chosen.found, isWhole);
  const { advice, judged } = await answer(own);
  const judgedSources: JudgedSource[] = [{ ...chosen, found: own, judged }];
  for (const each of others) {
    const found = withWhole(each.found, isWhole);
    const best = copyingOf(found).slice(0, 1);
    const isNone = best.length === 0;
    judgedSources.push({
      ...{ ...each, found },
      judged: isNone ? null : await judgement(found.context, best, isWhole),
    });
  }
  const compared = comparedSources(judgedSources);
  return {
    advice: {
      ...advice,
      answer: [...sourceSentences(advice.outcome, compared), ...advice.answer],
      remarks: [
        ...advice.remarks,
        'The networks shared the time: one that is asked about alone is trained for longer.',
      ],
      arms: advice.arms.map((arm) => ({ ...arm, study: `${chosen.folder}/${arm.study}` })),
      sources: compared,
    },
    judged,
    store: chosen.data.store,
  };
}

async function readSources(
  request: AdviceRequest,
  hashes: readonly string[],
  host: AdviceHost,
): Promise<readonly NamedSource[]> {
  const { directory, models } = request;
  const twice = models.find((_, at) => hashes.indexOf(hashes[at] ?? '') < at);
  if (twice !== undefined) throw new UsageError(`${twice.given} is there twice, wanted it once`);
  const read = [];
  for (const [at, model] of models.entries()) {
    const folder = `sources/${at + 1}-${model.name}`;
    mkdirSync(join(directory, folder), { recursive: true });
    const source = await readSource(model, hashes[at] ?? '', join(directory, folder));
    read.push({ name: nameAmong(models, at), folder, source });
  }
  const dataOf = await dividedForAll(
    request,
    read.map(({ source }) => source),
    host,
  );
  return read.map((each) => ({ ...each, data: dataOf(each.source) }));
}

/** The name of a model, as it was written where another has the same. */
function nameAmong(models: AdviceRequest['models'], at: number): string {
  const { name = '', given = '' } = models[at] ?? {};
  return models.filter((each) => each.name === name).length > 1 ? given : name;
}

/** The images in every form that the sources take, all divided as those of the largest. */
async function dividedForAll(
  request: AdviceRequest,
  sources: readonly SourceNetwork[],
  host: AdviceHost,
): Promise<(source: SourceNetwork) => DividedData> {
  const formOf = ({ network }: SourceNetwork): string =>
    `${network.input.height}x${network.input.channels}`;
  const pixels = ({ network: { input } }: SourceNetwork): number =>
    input.height * input.width * input.channels;
  const known = new Map<string, DividedData>();
  let like: DividedData | undefined;
  // As many as the costliest has time for.
  const perClass = Math.min(
    ...sources.map(({ network, classes }) => mostPerClass(network, classes, request.budgetSeconds)),
  );
  for (const source of [...sources].sort((a, b) => pixels(b) - pixels(a))) {
    const form = formOf(source);
    if (known.has(form)) continue;
    const name = `images-${form}`;
    const how = like === undefined ? { name } : { name, like };
    const data = await dividedData({ ...request, perClass }, source.network, host, how);
    known.set(form, data);
    like ??= data;
  }
  return (source) => known.get(formOf(source)) as DividedData;
}

/** Share of the time that is left for looking: by it the least promising cuts are left out. */
const LOOKING = 0.5;

/** Looks at every source, or at those that there was time for.
 *  @throws the reason of the stop if none was looked at to the end */
async function lookAtAll(
  request: AdviceRequest,
  sources: readonly NamedSource[],
  host: AdviceHost,
): Promise<readonly NamedLook[]> {
  const { seed, mirror, budgetSeconds, preprocess } = request;
  const looks: NamedLook[] = [];
  for (const [at, each] of sources.entries()) {
    const own = shareOf(host, each.name, (LOOKING * host.left()) / (sources.length - at));
    const directory = join(request.directory, each.folder);
    const { source, data } = each;
    const context = { directory, source, data, seed, mirror, budgetSeconds, host: own };
    try {
      looks.push({ ...each, look: await lookAt(context, preprocess) });
    } catch (error) {
      if (!host.stop.aborted || looks.length === 0) throw error;
      return looks;
    }
  }
  return looks;
}

const keptCheck: Check<{ readonly kept: readonly number[] }> = objectOf<{
  readonly kept: readonly number[];
}>({ kept: listOf(count) });

/** Share of the time that is left for training; the rest is for the final test and the curve. */
const TRAINING = 0.9;

/** Trains the ways of the most promising sources, which share the time; of the others there is the
 *  last layer by logistic regression. */
async function trainPromising(
  { directory }: AdviceRequest,
  looks: readonly NamedLook[],
  all: number,
  host: AdviceHost,
): Promise<readonly NamedTrained[]> {
  const isComplete = looks.length === all;
  const { kept } = isComplete
    ? await stage(directory, 'sources-to-train', keptCheck, () => ({ kept: promising(looks) }))
    : { kept: [] };
  const trained: NamedTrained[] = [];
  for (const [at, { look, ...each }] of looks.entries()) {
    // Its answer may take the time that others have left.
    const found: LookedAt = { ...look, context: { ...look.context, host: named(host, each.name) } };
    const left = kept.filter((index) => index >= at).length;
    const isBegun = existsSync(join(look.context.directory, 'round-1.json'));
    if (!kept.includes(at) || (host.stop.aborted && !isBegun)) {
      const isWhole = isComplete && !kept.includes(at);
      trained.push({
        ...each,
        found: { ...found, trained: { results: [], probe: look.probe, rounds: [], isWhole } },
      });
      continue;
    }
    const own = shareOf(host, each.name, (TRAINING * host.left()) / left);
    const stages = await realStage({ ...look.context, host: own }, look.cheap, look.probe);
    trained.push({ ...each, found: { ...found, trained: stages } });
  }
  return trained;
}

/** Half of the sources, at least two: the best by a probe of their frozen features. None that has
 *  learned nothing by that, where another has. @returns their places */
function promising(looks: readonly NamedLook[]): readonly number[] {
  const promise = ({ look }: NamedLook): number =>
    Math.max(...look.cheap.cuts.map(({ accuracy }) => accuracy));
  const learned = looks.filter(({ look }) => hasLearnedFeatures(look.cheap));
  return [...(learned.length === 0 ? looks : learned)]
    .sort((a, b) => promise(b) - promise(a))
    .slice(0, Math.max(2, Math.ceil(looks.length / 2)))
    .map((each) => looks.indexOf(each))
    .sort((a, b) => a - b);
}

/** A host that says whose turn it is. */
function named(host: AdviceHost, name: string): AdviceHost {
  return { ...host, say: (text) => host.say(`${name}: ${text}`) };
}

/** A host of one source, with so much of the time that is left. */
function shareOf(host: AdviceHost, name: string, seconds: number): AdviceHost {
  const end = host.left() - seconds;
  return { ...named(host, name), left: () => Math.max(1, host.left() - end) };
}

/** Results of the ways that copy from a source: the others say nothing of it. */
function copyingOf(found: TrainedSource): readonly ArmResult[] {
  return resultsOf(found).filter(({ arm }) => arm.treatment !== 'base');
}

function isDone({ found }: NamedTrained): boolean {
  return found.trained.isWhole;
}

function withWhole(found: TrainedSource, isWhole: boolean): TrainedSource {
  return { ...found, trained: { ...found.trained, isWhole } };
}

// By the images to choose by: score, then loss. Sources that were trained come first, since the
// others have not been compared with scratch; those without any result last.
function compareBest(a: TrainedSource, b: TrainedSource): number {
  const rank = (source: TrainedSource): number =>
    source.trained.results.length > 0 ? 0 : source.trained.probe === null ? 2 : 1;
  const [[first], [second]] = [copyingOf(a), copyingOf(b)];
  if (rank(a) !== rank(b) || first === undefined || second === undefined) return rank(a) - rank(b);
  const score = (result: ArmResult): number => result.score ?? result.accuracy;
  return score(second) - score(first) || first.loss - second.loss;
}
