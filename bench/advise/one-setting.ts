// One setting from images to regrets: the advice as a user gets it, then the truth.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Advice } from '../../src/advise/advice.js';
import { armKey } from '../../src/advise/arms.js';
import { savedNetwork } from '../../src/advise/save.js';
import { selffer } from './command.js';
import { accuraciesOf } from './delivered.js';
import { type Folders, makeImages, type Places } from './images.js';
import { chosenOf, oracleFolds, type Regret, regretOf, rivalsOf } from './regret.js';
import type { Setting } from './settings.js';
import { makeSource } from './sources.js';
import { sweep, type SweptArm } from './sweep.js';

/** What a setting came to. */
export interface SettingResult {
  readonly setting: Setting;
  /** Images that were trained on, chosen by, and tested with. */
  readonly train: number;
  readonly selection: number;
  readonly test: number;
  readonly outcome: string;
  readonly adviseSeconds: number;
  readonly sweepSeconds: number;
  readonly oracleAccuracy: number;
  /** The best arms on each half of the test images. */
  readonly best: readonly string[];
  readonly regrets: readonly Regret[];
  readonly arms: readonly SweptArm[];
  /** What the advice trained, with what it reached on the images to choose by. */
  readonly advised: Advice['trained'];
}

/** Runs a setting; what is there is not done again.
 *  @param models folder of the networks that are shipped   @param version of the advice */
export async function runSetting(
  setting: Setting,
  places: Places,
  models: string,
  version: string,
): Promise<SettingResult> {
  const root = join(places.work, 'settings', setting.name);
  const folders = await makeImages(setting, places);
  const source = await makeSource(setting.source, places, models);
  const out = join(root, `advice-${version}`);
  const best = join(root, `best-${version}.onnx`);
  let started = performance.now();
  const { budget, mirror } = setting;
  const said = await selffer(
    ...['advise', source, '--data', folders.user, '--budget', budget, '--out', out],
    ...['--save', best, '--force', '--json', ...(mirror ? [] : ['--no-mirror'])],
  );
  const found = JSON.parse(said) as Advice;
  const adviseSeconds = (performance.now() - started) / 1000;
  const delivered = await accuraciesOf(best, folders);
  started = performance.now();
  const swept = await sweep({
    setting,
    folders,
    source,
    found,
    advice: out,
    out: join(root, 'sweep'),
  });
  const probe = await probeArm(out, found, folders);
  const sweepSeconds = (performance.now() - started) / 1000;
  const arms = [...swept, ...(probe === null ? [] : [probe])];
  return {
    setting,
    ...{ train: found.data.train, selection: found.data.selection },
    ...{ test: setting.classes * setting.testPerClass, outcome: found.outcome },
    ...{ adviseSeconds, sweepSeconds, ...judged(setting, found, arms, delivered) },
    ...{ arms, advised: found.trained },
  };
}

function judged(
  setting: Setting,
  found: Advice,
  arms: readonly SweptArm[],
  delivered: readonly number[],
): Pick<SettingResult, 'oracleAccuracy' | 'best' | 'regrets'> {
  const oracle = oracleFolds(arms);
  const last = found.model.cuts;
  const cuts = setting.cuts ?? Array.from({ length: last }, (_, at) => at + 1);
  const chosen = found.arms[0]?.arm;
  const key = chosen === undefined ? '' : armKey(chosen);
  const own = arms.find(({ arm }) =>
    chosen?.treatment === 'probe' ? arm.treatment === 'probe' : armKey(arm) === key,
  );
  const regrets = [
    regretOf('advise, as delivered', key, delivered, oracle),
    ...(own === undefined ? [] : [regretOf('advise, its way swept', key, own.folds, oracle)]),
    ...rivalsOf(last, cuts, found.cheap.cuts).flatMap(([chooser, isConsidered]) => {
      const arm = chosenOf(arms, isConsidered);
      return arm === null ? [] : [regretOf(chooser, armKey(arm.arm), arm.folds, oracle)];
    }),
  ];
  const byHalf = [0, 1].map((parity) => {
    const on = ({ folds }: SweptArm): number =>
      folds.reduce((sum, each, fold) => sum + (fold % 2 === parity ? each : 0), 0);
    return armKey(arms.reduce((a, b) => (on(b) > on(a) ? b : a)).arm);
  });
  const oracleAccuracy = oracle.reduce((sum, each) => sum + each, 0) / oracle.length;
  return { oracleAccuracy, best: byHalf, regrets };
}

/** The last layer by logistic regression, as the advice fitted it; null if it did not. */
async function probeArm(advice: string, found: Advice, folders: Folders): Promise<SweptArm | null> {
  const trained = found.trained.find(({ arm }) => arm.treatment === 'probe');
  const [first] = found.arms;
  if (trained === undefined || first === undefined) return null;
  const { arm, selectionAccuracy } = trained;
  const file = join(advice, '..', `${advice.split('/').at(-1)}-probe.onnx`);
  if (!existsSync(file)) {
    mkdirSync(join(file, '..'), { recursive: true });
    const asked = { ...found, arms: [{ ...first, arm, selectionAccuracy }] };
    writeFileSync(file, await savedNetwork(advice, asked));
  }
  const folds = await accuraciesOf(file, folders);
  return { arm, selectionAccuracy, selectionLoss: 0, folds };
}
