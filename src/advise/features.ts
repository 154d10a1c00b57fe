// Features of an advice's images at the cuts of a network, computed once and kept in its folder by
// what determines them.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash, type Json } from '../base/canonical-json.js';
import { RunStoreError } from '../base/errors.js';
import type { Network } from '../net/network.js';
import type { Rows } from '../stats/rows.js';
import { readPretrained } from '../study/pretrained/pretrained-base.js';
import { type FeatureJob, type Features, readFeatures } from '../train/forward/feature-job.js';
import { writeSafetensors } from '../tensor/safetensors.js';
import type { DataContext } from './advice-context.js';
import type { Preprocessing } from './preprocessing.js';

/** Which features. */
export interface FeatureChoice {
  readonly preprocessing: Preprocessing;
  /** Weights: the source's; drawn anew by this stream; or a file with those of a trained network,
   *  and what identifies them. */
  readonly weights:
    | 'source'
    | { readonly random: readonly Json[] }
    | { readonly file: string; readonly identity: string };
  readonly part: FeatureJob['part'];
  /** Training images of each class; null: all. */
  readonly imagesPerClass: number | null;
  /** Segments at whose ends. */
  readonly ends: readonly number[];
}

/** Images that pass through a network at a time. */
const BATCH = 32;

/** Most bytes of features that a folder keeps. */
const MOST_BYTES = 2 ** 30;

/** The network with its preparation of images. */
function preparedNetwork({ source }: DataContext, { mean, std }: Preprocessing): Network {
  const { network } = source;
  const { channels } = network.input;
  const means = Array.from({ length: channels }, (_, at) => mean[at] ?? (mean[0] as number));
  return {
    ...network,
    input: { ...network.input, mean: means, scale: std.map((each) => 1 / each) },
  };
}

/** The features, from the folder if they are there.
 *  @throws what the job throws; RunStoreError if it left nothing */
export async function featuresOf(context: DataContext, choice: FeatureChoice): Promise<Features> {
  const { directory, data, source, host } = context;
  const folder = join(directory, 'features');
  const identity = contentHash({
    ...{ data: data.hash, source: source.hash, part: choice.part, ends: [...choice.ends] },
    mean: [...choice.preprocessing.mean],
    std: [...choice.preprocessing.std],
    imagesPerClass: choice.imagesPerClass,
    weights: weightsIdentity(choice),
  });
  const out = join(folder, `${identity}.safetensors`);
  const known = existsSync(out) ? await readFeatures(out) : null;
  if (known !== null) return known;
  mkdirSync(folder, { recursive: true });
  makeRoom(folder);
  const isTrained = typeof choice.weights === 'object' && 'file' in choice.weights;
  const { executor, threads } = host;
  await host.features({
    network: preparedNetwork(context, choice.preprocessing),
    classes: isTrained ? data.classes.length : source.classes,
    ...jobWeights(context, choice),
    task: { store: data.store, classes: data.classes, imagesPerClass: choice.imagesPerClass },
    ...{ part: choice.part, ends: choice.ends, batch: BATCH, executor, threads, out },
  });
  const made = await readFeatures(out);
  if (made === null) throw new RunStoreError(`${out}: the worker left no features there`);
  return made;
}

/** The features at a cut as a matrix. */
export function rowsAt({ labels, ends }: Features, n: number): Rows {
  const tensor = ends.get(n);
  const values = tensor?.data as Float32Array;
  return { values, count: labels.length, width: tensor?.shape[1] ?? 1 };
}

function weightsIdentity({ weights }: FeatureChoice): Json {
  if (weights === 'source') return 'source';
  return 'random' in weights ? { random: [...weights.random] } : { run: weights.identity };
}

function jobWeights(
  context: DataContext,
  { weights }: FeatureChoice,
): Pick<FeatureJob, 'weights' | 'random'> {
  if (weights === 'source') return { weights: sourceWeights(context) };
  return 'random' in weights ? { random: weights.random } : { weights: weights.file };
}

/** The source's weights by the names of its layers. @returns the file */
function sourceWeights({ directory, source }: DataContext): string {
  const path = join(directory, 'features', `source-${source.hash}.weights`);
  if (existsSync(path)) return path;
  const { tensors } = readPretrained({ file: source.file }, source.network);
  writeSafetensors(path, tensors);
  return path;
}

// The oldest go first.
function makeRoom(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.safetensors'))
    .map((name) => ({ path: join(folder, name), ...sizeAndTime(join(folder, name)) }))
    .sort((a, b) => b.time - a.time);
  let kept = 0;
  for (const { path, bytes } of files) {
    kept += bytes;
    if (kept > MOST_BYTES) rmSync(path, { force: true });
  }
}

function sizeAndTime(path: string): { readonly bytes: number; readonly time: number } {
  const { size, mtimeMs } = statSync(path);
  return { bytes: size, time: mtimeMs };
}
