// The truth: every arm trained to the end of its schedule on the images that the advice trained on,
// and tested on the large test part, in folds.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStoreIndex } from '../../src/data/store/read-index.js';
import { imagesOf } from '../../src/data/store/store-index.js';
import type { Advice } from '../../src/advise/advice.js';
import { type Arm, knownRates } from '../../src/advise/arms.js';
import { longestEpochs } from '../../src/advise/round.js';
import { networkFiles } from '../../src/runs/files.js';
import { readRecord } from '../../src/runs/record.js';
import { selffer } from './command.js';
import type { Folders } from './images.js';
import type { Setting } from './settings.js';

/** One way, trained and tested. */
export interface SweptArm {
  readonly arm: Arm;
  /** On the images to choose by. */
  readonly selectionAccuracy: number;
  readonly selectionLoss: number;
  /** On the parts of the test images. */
  readonly folds: readonly number[];
}

const BATCH = 32;

/** What is swept: a setting, its images, the advice on them and where to put it. */
export interface SweepRequest {
  readonly setting: Setting;
  readonly folders: Folders;
  /** ONNX file of the source. */
  readonly source: string;
  /** Folder of the advice. */
  readonly advice: string;
  readonly found: Advice;
  /** Folder of the sweep. */
  readonly out: string;
}

/** Trains all arms that are not trained yet. */
export async function sweep(request: SweepRequest): Promise<readonly SweptArm[]> {
  const { out } = request;
  mkdirSync(out, { recursive: true });
  const arms: SweptArm[] = [];
  for (const [rate, kinds] of byRate(request.setting.isReduced)) {
    const name = `rate-${rate}`;
    const file = join(out, `${name}.yaml`);
    writeFileSync(file, `${JSON.stringify(studyOf(request, rate, kinds), null, 1)}\n`);
    const directory = join(out, name);
    await selffer('run', file, '--out', directory, '--workers', '1', '--json');
    const report = await selffer('report', directory, '--json');
    arms.push(...sweptArms(directory, rate, JSON.parse(report) as Results));
  }
  return arms;
}

type Kind = keyof typeof knownRates;

function byRate(isReduced: boolean): ReadonlyMap<number, readonly Kind[]> {
  const rates = new Map<number, Kind[]>();
  for (const kind of Object.keys(knownRates) as Kind[]) {
    for (const rate of knownRates[kind].slice(0, isReduced ? 1 : undefined)) {
      rates.set(rate, [...(rates.get(rate) ?? []), kind]);
    }
  }
  return rates;
}

function studyOf(request: SweepRequest, rate: number, treatments: readonly Kind[]): object {
  const { setting, folders, source, advice, found } = request;
  const store = join(advice, 'images.store');
  const { header } = readStoreIndex(store);
  const { height } = header.form;
  const { mean, std } = found.preprocessing.chosen;
  const train = imagesOf(header, 'train');
  const epochs = setting.epochs ?? longestEpochs(train);
  const iterations = epochs * Math.ceil(train / BATCH);
  const all = Array.from({ length: found.model.cuts }, (_, at) => at + 1);
  return {
    name: 'sweep',
    data: {
      ...{ source: store, size: height, mirror: setting.mirror, mean, std },
      channels: header.form.channels,
    },
    tasks: { A: { data: store }, B: { data: store } },
    network: source,
    bases: { A: { network: source, hasSeen: [] } },
    solver: {
      ...{ type: 'adamw', lr: rate, batch: BATCH, epochs, lrPolicy: 'cosine' },
      ...{ noDecay: 'norms-and-biases', testEvery: `${epochs}epochs` },
      warmup: Math.max(1, Math.round(0.1 * iterations)),
    },
    tests: Object.fromEntries(
      folders.folds.map((folder, at) => [`fold${at}`, { data: { source: folder } }]),
    ),
    ...{ treatments, layers: setting.cuts ?? all, targets: ['B'], keep: 'none', seed: 7 },
  };
}

interface Results {
  readonly networks: readonly {
    readonly name: string;
    readonly treatment: Arm['treatment'];
    readonly n: number;
  }[];
}

function sweptArms(directory: string, rate: number, { networks }: Results): readonly SweptArm[] {
  return networks.flatMap(({ name, treatment, n }): SweptArm[] => {
    const record = readRecord(networkFiles(directory, name).record);
    if (record?.tests === undefined || record.finalAccuracy === null) return [];
    const { tests } = record;
    const names = Object.keys(tests).sort();
    return [
      {
        arm: { treatment, n, rate },
        selectionAccuracy: record.finalAccuracy,
        selectionLoss: record.finalTestLoss ?? Number.MAX_VALUE,
        folds: names.map((each) => tests[each]?.accuracy ?? 0),
      },
    ];
  });
}
