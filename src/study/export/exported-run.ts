// A trained network of a study's folder as an ONNX file: everything is taken from the folder, and
// the mean image from the data set.
import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { JsonObject } from '../../base/canonical-json.js';
import {
  type Check,
  count,
  listOf,
  number,
  objectOf,
  optional,
  orNull,
  text,
} from '../../base/checks.js';
import { RunStoreError, UsageError } from '../../base/errors.js';
import { checked } from '../../base/json-file.js';
import { packageVersion } from '../../base/package-files.js';
import type { Selection } from '../../data/classes/selection.js';
import { type Preparation, writeOnnx } from '../../net/formats/onnx/write/write-onnx.js';
import type { Network } from '../../net/network.js';
import { networkFiles } from '../../runs/files.js';
import { readRecord } from '../../runs/record.js';
import { expectTrainedWeights } from '../../runs/weights.js';
import { readSafetensors } from '../../tensor/safetensors.js';
import { readWrittenNetwork } from '../plan/read-canonical.js';
import {
  type PlanEntry,
  type PlanFile,
  planPart,
  planPath,
  readPlanFile,
} from '../store/plan-file.js';
import { exportedMean } from './exported-mean.js';

/** A network of a study's folder. */
export interface ExportedRun {
  /** Absolute. */
  readonly directory: string;
  readonly plan: PlanFile;
  readonly entry: PlanEntry;
}

/** Finds a network: a study's folder and its name, or its own folder alone.
 *  @throws UsageError if there is none, with those that have weights */
export function findRun(path: string, name: string | undefined): ExportedRun {
  const given = resolve(path);
  const own = given.split(`${sep}runs${sep}`);
  const isOwn = name === undefined && own.length > 1;
  const directory = isOwn ? own.slice(0, -1).join(`${sep}runs${sep}`) : given;
  const plan = readPlanFile(directory);
  if (plan === null) {
    throw new UsageError(
      `${planPath(directory)} does not exist: wanted a study's folder and the name of a network, or the folder of a network in one`,
      { hint: 'For example: selffer export demo split0/baseA --onnx baseA.onnx' },
    );
  }
  const wanted = isOwn ? relative(resolve(directory, 'runs'), given).split(sep).join('/') : name;
  const entry = plan.networks.find((each) => each.name === wanted);
  if (entry !== undefined) return { directory, plan, entry };
  const kept = plan.networks
    .filter((each) => existsSync(networkFiles(directory, each.name).weights))
    .map((each) => each.name);
  const found = wanted === undefined ? 'found no name of a network' : `found no network ${wanted}`;
  throw new UsageError(
    `${directory}: ${found}, wanted one of those whose weights are kept: ${kept.join(', ') || 'none'}`,
  );
}

/** How a network is exported. */
export interface ExportOptions {
  /** The file takes (pixel - mean) * scale; else pixels, which its first nodes prepare. */
  readonly isPrepared: boolean;
}

/** An exported network and what is to be said of it. */
export interface Exported {
  readonly bytes: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
  readonly classes: number;
}

/** The file of a network.
 *  @throws RunStoreError if its weights were not kept, or are not those that were trained
 *  @throws DataError if the mean image is wanted and its images are not there any more */
export async function exportRun(
  run: ExportedRun,
  { isPrepared }: ExportOptions,
): Promise<Exported> {
  const { directory, plan, entry } = run;
  const network = networkOf(run);
  const files = networkFiles(directory, entry.name);
  if (!existsSync(files.weights)) throw notKept(run, files.weights);
  const hash = expectTrainedWeights(files);
  const { classes } = taskOf(run, 'target');
  const preparation = isPrepared ? null : await preparationOf(run);
  const accuracy = readRecord(files.record)?.finalAccuracy ?? null;
  const metadata = {
    classes: JSON.stringify(classes),
    'selffer.input': JSON.stringify(inputOf(network, isPrepared)),
    'selffer.study': plan.study.name,
    'selffer.network': entry.name,
    'selffer.identity': entry.identity,
    'selffer.weights_sha256': hash,
    ...(accuracy === null ? {} : { 'selffer.accuracy': String(accuracy) }),
  };
  const { tensors: weights } = readSafetensors(files.weights);
  const version = packageVersion();
  const bytes = writeOnnx({
    ...{ network, weights, preparation, metadata, version },
    classes: classes.length,
  });
  return { bytes, metadata, classes: classes.length };
}

/** What a run's network makes of pixels before its first layer.
 *  @throws DataError (rejects) if its mean image is wanted and the images are not there any more */
export async function preparationOf(run: ExportedRun): Promise<Preparation> {
  const network = networkOf(run);
  const { mean, scale } = network.input;
  return { scale, mean: mean === 'image' ? await meanOf(run, network) : numbers(mean) };
}

/** How images become the file's input, for people and programs. */
function inputOf({ input }: Network, isPrepared: boolean): JsonObject {
  const { channels, height, width, mean, scale } = input;
  return {
    layout: 'NCHW',
    channels: channels === 3 ? 'RGB' : channels === 1 ? 'grey' : String(channels),
    height,
    width,
    crop: 'centre',
    values: isPrepared ? '(pixel - mean) * scale, pixel 0 to 255' : 'pixels, 0 to 255',
    mean: mean === 'image' ? 'mean image of the training images' : mean,
    scale,
    preparedBy: isPrepared ? 'the caller' : 'the file: data.mean, data.scale',
  };
}

function networkOf({ directory, plan, entry }: ExportedRun): Network {
  const written = planPart(entry.content['network'], plan.parts);
  if (written !== null) return readWrittenNetwork(written);
  throw new RunStoreError(
    `${planPath(directory)}: does not say what network ${entry.name} is: it was imported, and has no weights`,
  );
}

/** A task of a network's identity. */
interface ContentTask {
  readonly data: string;
  readonly classes: readonly string[];
  readonly imagesPerClass: number | null;
  readonly selection?: Selection;
}

const contentTask: Check<ContentTask> = objectOf<ContentTask>({
  data: text,
  classes: listOf(text),
  imagesPerClass: orNull(count),
  selection: optional(objectOf<Selection>({ share: number, seed: number })),
});

function taskOf({ directory, plan, entry }: ExportedRun, key: 'target' | 'mean'): ContentTask {
  const part = planPart(entry.content[key], plan.parts);
  if (part === null) {
    throw new RunStoreError(`${planPath(directory)}: lacks the ${key} of ${entry.name}`);
  }
  const hint = 'Run the study again into this folder: plan.json is written anew.';
  return checked(planPath(directory), part, contentTask, hint);
}

function meanOf(run: ExportedRun, network: Network): Promise<Preparation['mean']> {
  const { data, ...task } = taskOf(run, 'mean');
  return exportedMean(
    { ...task, manifestHash: data, stores: run.plan.stores ?? [] },
    network.input,
  );
}

function numbers(mean: readonly number[]): Preparation['mean'] {
  return { shape: [mean.length], data: Float32Array.from(mean) };
}

function notKept({ entry }: ExportedRun, weights: string): RunStoreError {
  return new RunStoreError(
    `${weights}: does not exist, the weights of ${entry.name} were not kept`,
    {
      hint: 'Weights are kept of bases, or of all networks with keep: all in the study. With that, remove the folder of this network and run the study again: it is trained with the same numbers.',
    },
  );
}
