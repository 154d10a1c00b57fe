// From a network and photographs to an answer: data divided, features looked at, arms trained, the
// chosen one judged. Every part is kept, so that what was ended goes on.
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.js';
import { type Check, count, listOf, number, objectOf, orNull, text } from '../base/checks.js';
import { contentHash } from '../base/canonical-json.js';
import { UsageError } from '../base/errors.js';
import { readChecked } from '../base/json-file.js';
import { packImages } from '../data/pack/pack-images.js';
import { readStoreIndex } from '../data/store/read-index.js';
import { imagesOf } from '../data/store/store-index.js';
import { segmentsOf } from '../net/cuts.js';
import { factsOf } from '../net/facts.js';
import { type Advice, adviceCheck } from './advice.js';
import type { AdviceContext, DataContext, DividedData } from './advice-context.js';
import { type CheapStage, cheapCheck, cheapStage, probedPerClass } from './cheap-stage.js';
import { preprocessingChoiceCheck, tryConventions } from './choose-preprocessing.js';
import { comparedArms, shareOf } from './compare-arms.js';
import { curvePoints, extrapolate } from './curve.js';
import { familyOf } from './arms.js';
import type { AdviceHost } from './host.js';
import { mostPerClass } from './image-budget.js';
import { judge, type Judgement, judgementCheck } from './judged.js';
import { parsePreprocessing } from './preprocessing.js';
import { finalists, type RealStage, realStage } from './real-stage.js';
import { type ArmResult, armResultCheck, ranked } from './round.js';
import { probeArm } from './probe-arm.js';
import { readSource, type SourceNetwork } from './source.js';
import { stage } from './stage.js';
import { writeAdvicePage } from './page/write-page.js';
import { answerOf, type Facts, outcomeOf, remarksOf } from './verdict.js';

/** What is asked. */
export interface AdviceRequest {
  /** ONNX file, absolute. */
  readonly model: string;
  /** Sources of images, as `data.source` of a study. */
  readonly data: readonly string[];
  /** Folder of the advice, absolute. */
  readonly directory: string;
  readonly budgetSeconds: number;
  readonly seed: number;
  /** As `--preprocess` says. */
  readonly preprocess?: string;
  readonly mirror: boolean;
}

/** What an advice was asked with: a folder holds one. */
interface Asked {
  readonly schema: string;
  readonly hash: string;
}

const askedCheck: Check<Asked> = objectOf<Asked>({ schema: text, hash: text });

const ADVICE = 'advice.json';

/** Makes an advice, or goes on with one. Once the host's stop is aborted: the answer so far.
 *  @throws UsageError if the folder holds an advice on something else; DataError, ParseError if
 *  images or network cannot be used; the reason of the stop if nothing is known yet */
export async function advise(request: AdviceRequest, host: AdviceHost): Promise<Advice> {
  const { directory } = request;
  const source = await readSource(request.model);
  await refuseOther(request, source);
  const done = readAdvice(directory);
  if (done?.isWhole) return done;
  const data = await dividedData(request, source, host);
  const { seed, mirror, budgetSeconds } = request;
  const context: DataContext = { directory, source, data, seed, mirror, budgetSeconds, host };
  const preprocessing = await stage(directory, 'preprocessing', preprocessingChoiceCheck, () => {
    const { channels } = source.network.input;
    if (request.preprocess !== undefined) {
      const chosen = parsePreprocessing(request.preprocess, channels);
      return { chosen, from: 'the user' as const, tried: [] };
    }
    if (source.stated !== null) {
      return { chosen: source.stated, from: 'the file' as const, tried: [] };
    }
    return tryConventions(context);
  });
  const whole: AdviceContext = { ...context, preprocessing: preprocessing.chosen };
  const cheap = await stage(directory, 'cheap-stage', cheapCheck, () =>
    cheapStage(whole, probedPerClass(whole)),
  );
  const probe = await stage(directory, 'probe-arm', orNull(armResultCheck), () => probeArm(whole));
  const trained = await realStage(whole, cheap, probe);
  const { advice, judged } = await answer(whole, { preprocessing, cheap, trained });
  await writeAdvicePage(directory, advice, judged, data.store);
  writeFileAtomic(join(directory, ADVICE), `${JSON.stringify(advice, null, 1)}\n`);
  return advice;
}

/** The advice of a folder; null if there is none. @throws RunStoreError if it is damaged */
function readAdvice(directory: string): Advice | null {
  return readChecked(join(directory, ADVICE), adviceCheck, 'Remove the file: it is made again.');
}

async function refuseOther(request: AdviceRequest, source: SourceNetwork): Promise<void> {
  const { data, seed, mirror, budgetSeconds, preprocess = null, directory } = request;
  const hash = contentHash({
    ...{ model: source.hash, data: [...data], seed, mirror, budgetSeconds, preprocess },
  });
  const asked = await stage(directory, 'asked', askedCheck, () => ({
    schema: 'selffer.advise-asked/1',
    hash,
  }));
  if (asked.hash === hash) return;
  throw new UsageError(
    `${directory} holds an advice on another network, other images or with other options`,
    { hint: 'Give another --out, or remove the folder.' },
  );
}

const dividedCheck: Check<DividedData> = objectOf<DividedData>({
  store: text,
  classes: listOf(text),
  train: count,
  selection: count,
  test: count,
  guessing: number,
  together: count,
  hash: text,
});

function dividedData(
  { directory, data, seed, budgetSeconds }: AdviceRequest,
  { network, classes }: SourceNetwork,
  host: AdviceHost,
): Promise<DividedData> {
  return stage(directory, 'data', dividedCheck, async () => {
    host.say('dividing the images in three parts');
    const store = join(directory, 'images.store');
    const { height, channels } = network.input;
    const perClass = mostPerClass(network, classes, budgetSeconds);
    await packImages({
      ...{ source: data, baseDirectory: process.cwd(), out: store, size: height },
      ...{ resize: 'warp', records: 'raw', isStrict: false, stop: host.stop },
      ...(channels === 1 || channels === 3 ? { channels } : {}),
      threeParts: { selection: 0.2, test: 0.2, seed, perClass },
    });
    const { header } = readStoreIndex(store);
    const test = imagesOf(header, 'test');
    if (header.classes.length < 2 || test === 0) {
      throw new UsageError(
        `${data.join(', ')}: found ${header.classes.length} classes and ${test} images to judge with, wanted 2 classes of 3 images or more`,
      );
    }
    return {
      ...{ store, classes: header.classes, test },
      train: imagesOf(header, 'train'),
      selection: imagesOf(header, 'val'),
      guessing: Math.max(...header.counts.test) / test,
      together: header.packed?.heldOut?.together ?? 0,
      hash: contentHash([header.manifestHash, header.testHash ?? '']),
    };
  });
}

interface Found {
  readonly preprocessing: Advice['preprocessing'];
  readonly cheap: CheapStage;
  readonly trained: RealStage;
}

async function answer(
  context: AdviceContext,
  found: Found,
): Promise<{ readonly advice: Advice; readonly judged: Judgement }> {
  const { source, data, seed, host } = context;
  const { isWhole, rounds } = found.trained;
  const results = ranked([
    ...found.trained.results,
    ...(found.trained.probe === null ? [] : [found.trained.probe]),
  ]);
  const segments = segmentsOf(source.network).length;
  const judged = await judgement(context, chosenFirst(results, segments), isWhole);
  const arms = comparedArms(context, judged);
  const [chosen] = judged.arms;
  const last = rounds.at(-1);
  const points =
    chosen === undefined || last === undefined || !isWhole || chosen.arm.treatment === 'base'
      ? []
      : await curvePoints(context, chosen.arm, last, chosen.seconds);
  const { labels } = judged;
  const all = Math.floor(data.train / data.classes.length);
  const answers = chosen?.answers ?? [];
  const whole = { imagesPerClass: all, answers };
  const curve = points.length === 0 ? [] : [...points, whole];
  const { network } = source;
  const facts: Facts = {
    model: {
      ...{ file: source.file, sha256: source.hash, classes: source.classes, cuts: segments - 1 },
      parameters: parametersOf(network, data.classes.length),
    },
    data: {
      ...{ classes: data.classes, train: data.train, selection: data.selection },
      ...{ test: data.test, guessing: data.guessing, together: data.together, seed },
    },
    preprocessing: found.preprocessing,
    cheap: found.cheap,
    arms,
    trained: results.map(({ arm, accuracy, seconds }) => ({
      ...{ arm, family: familyOf(arm, segments), selectionAccuracy: accuracy },
      trainSeconds: seconds,
    })),
    curve: curve.map(({ imagesPerClass, answers: own }) => ({
      ...{ imagesPerClass, ...shareOf(own, labels) },
    })),
    extrapolation: extrapolate(points, whole, labels, seed),
    epochs: last?.epochs ?? null,
    isWhole: isWhole && !host.stop.aborted,
    notes: source.notes,
  };
  const { notes, ...kept } = facts;
  const advice: Advice = {
    schema: 'selffer.advice/1',
    outcome: outcomeOf(facts),
    answer: answerOf(facts),
    remarks: [...remarksOf(facts), ...notes],
    ...kept,
  };
  return { advice, judged };
}

function parametersOf(network: SourceNetwork['network'], classes: number): number {
  return [...factsOf(network, classes).values()].reduce((sum, each) => sum + each.parameters, 0);
}

/** The best arm on the images to choose by, then the rivals. */
function chosenFirst(results: readonly ArmResult[], segments: number): readonly ArmResult[] {
  const arms = finalists(results, segments);
  return results.filter(({ arm }) => arms.includes(arm));
}

// An answer that was cut off is judged again once more is known; a whole one is judged once.
async function judgement(
  context: AdviceContext,
  results: readonly ArmResult[],
  isWhole: boolean,
): Promise<Judgement> {
  if (!isWhole) return judge(context, results, false);
  return stage(context.directory, 'judgement', judgementCheck, () => {
    context.host.say(`final test of ${results.length} ways`);
    return judge(context, results, true);
  });
}
