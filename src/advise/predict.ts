// What a saved network says of images: decoded and brought to size as those that it was trained on.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { ParseError } from '../base/errors.js';
import { onFile } from '../base/system-error.js';
import { packImages } from '../data/pack/pack-images.js';
import { readStoreIndex } from '../data/store/read-index.js';
import type { ExecutorName } from '../executors/names.js';
import { segmentsOf } from '../net/cuts.js';
import { readModel } from '../net/formats/onnx/model-file.js';
import { readOnnx } from '../net/formats/onnx/read-onnx.js';
import { readPretrained } from '../study/pretrained/pretrained-base.js';
import { writeSafetensors } from '../tensor/safetensors.js';
import { type FeatureJob, readFeatures } from '../train/forward/feature-job.js';
import { rowsAt } from './features.js';
import { answersOf } from './answers.js';
import { statedPreprocessing } from './preprocessing.js';

/** What is asked. */
export interface PredictRequest {
  /** ONNX file with class names and the preparation of images in its metadata. */
  readonly model: string;
  readonly images: readonly string[];
  readonly executor: ExecutorName;
  readonly threads: number;
  /** Runs a job in a process of its own. */
  readonly features: (job: FeatureJob) => Promise<void>;
}

/** What the network says of an image. */
export interface Prediction {
  readonly image: string;
  /** Null if the image cannot be used. */
  readonly class: string | null;
  /** Softmax of that class; null as well. */
  readonly probability: number | null;
  /** Why not. */
  readonly problem?: string;
}

/** The one class of the store that images are packed to. */
const CLASS = 'images';
const BATCH = 32;

/** The class of each image, in the order given.
 *  @throws ParseError if the file does not say its classes and how images are prepared; FileError
 *  if an image is not there; what the worker throws */
export async function predict(request: PredictRequest): Promise<readonly Prediction[]> {
  const { model, images, executor, threads } = request;
  const { classes, network } = readLabelled(model);
  const folder = mkdtempSync(join(tmpdir(), 'selffer-predict-'));
  try {
    const store = join(folder, 'images.store');
    await packNamed(images, folder, store, network.input);
    const weights = join(folder, 'weights.safetensors');
    writeSafetensors(weights, readPretrained({ file: model }, network).tensors);
    const out = join(folder, 'logits.safetensors');
    const last = segmentsOf(network).length;
    const task = { store, classes: [CLASS], imagesPerClass: null };
    const job = { network, classes: classes.length, weights, task, ends: [last], batch: BATCH };
    const { header, train } = readStoreIndex(store);
    const found = new Map<number, { readonly class: string; readonly probability: number }>();
    if (train.labels.length > 0) {
      await request.features({ ...job, part: 'train', executor, threads, out });
      const features = await readFeatures(out);
      const said = features === null ? null : answersOf(rowsAt(features, last));
      said?.answers.forEach((answer, at) => {
        const place = Number.parseInt(train.records?.names.at(at) ?? '', 10);
        const probability = said.confidence[at] ?? 0;
        found.set(place, { class: classes[answer] ?? String(answer), probability });
      });
    }
    return images.map((image, at): Prediction => {
      const own = found.get(at);
      if (own !== undefined) return { image, ...own };
      const skipped = header.skipped.find(({ file }) => basename(file).startsWith(numbered(at)));
      const problem = skipped?.reason ?? 'could not be read';
      return { image, class: null, probability: null, problem };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readLabelled(model: string) {
  const { metadata } = readModel(model);
  const read = readOnnx(model);
  const { channels } = read.network.input;
  const stated = statedPreprocessing(metadata, channels);
  const classes = classNames(metadata.get('classes'));
  if (stated === null || classes === null || classes.length !== read.classes) {
    const what = stated === null ? 'how images are prepared' : 'what its classes are called';
    const message = `does not say ${what}: wanted the metadata that \`advise --save\` and \`export\` write`;
    throw new ParseError([{ file: model, message }]);
  }
  const mean = Array.from({ length: channels }, (_, at) => stated.mean[at] ?? stated.mean[0] ?? 0);
  const scale = stated.std.map((each) => 1 / each);
  const network = { ...read.network, input: { ...read.network.input, mean, scale } };
  return { classes, network };
}

function classNames(written: string | undefined): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(written ?? 'null');
    const isList = Array.isArray(value) && value.every((each) => typeof each === 'string');
    return isList ? (value as readonly string[]) : null;
  } catch {
    return null;
  }
}

const numbered = (at: number): string => `${at.toString().padStart(7, '0')}-`;

async function packNamed(
  images: readonly string[],
  folder: string,
  store: string,
  { height, channels }: { readonly height: number; readonly channels: number },
): Promise<void> {
  const into = join(folder, 'given', CLASS);
  mkdirSync(into, { recursive: true });
  images.forEach((image, at) => {
    onFile(image, () => copyFileSync(image, join(into, `${numbered(at)}image${extname(image)}`)));
  });
  await packImages({
    ...{ source: [join(folder, 'given')], baseDirectory: folder, out: store, size: height },
    ...{ resize: 'warp', records: 'raw', isStrict: false },
    ...(channels === 1 || channels === 3 ? { channels } : {}),
  });
}
