// What MODEL names: an ONNX file, a Caffe network with its weights, or a network that a study has
// trained.
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { contentHash } from '../base/canonical-json.js';
import { UsageError } from '../base/errors.js';
import { networkFiles } from '../runs/files.js';
import { expectTrainedWeights, fileHash } from '../runs/weights.js';
import { type ExportedRun, findRun } from '../study/export/exported-run.js';

/** Where a network and its weights are; paths are absolute. */
export type ModelPlace =
  | { readonly kind: 'onnx'; readonly file: string }
  | { readonly kind: 'caffe'; readonly prototxt: string; readonly weights: string }
  | { readonly kind: 'run'; readonly run: ExportedRun };

/** A network that is asked about. */
export interface Model {
  /** As it was written. */
  readonly given: string;
  /** For files and figures. */
  readonly name: string;
  readonly place: ModelPlace;
}

/** The model of a text: FILE.onnx, FILE.prototxt:FILE.caffemodel, the folder of a network in a
 *  study's folder (DIR/runs/NAME), or DIR:NAME.
 *  @param weights of --weights: the caffemodel of a prototxt
 *  @throws UsageError if it is none of them, or the study has no such network */
export function modelOf(given: string, weights?: string): Model {
  const place = placeOf(given, weights);
  return {
    given: weights === undefined ? given : `${given}:${weights}`,
    name: nameOf(place),
    place,
  };
}

function placeOf(given: string, weights?: string): ModelPlace {
  const pair = /^(.+\.prototxt):(.+)$/i.exec(given);
  if (pair !== null && weights === undefined) {
    return { kind: 'caffe', prototxt: resolve(pair[1] ?? ''), weights: resolve(pair[2] ?? '') };
  }
  const isPrototxt = /\.prototxt$/i.test(given);
  if (isPrototxt && weights !== undefined) {
    return { kind: 'caffe', prototxt: resolve(given), weights: resolve(weights) };
  }
  if (weights !== undefined) {
    throw new UsageError(
      `--weights: found it with ${given}, wanted a .prototxt, whose weights it names`,
    );
  }
  if (isPrototxt) {
    throw new UsageError(`${given}: found a network without weights, wanted its caffemodel too`, {
      hint: `Write ${given}:FILE.caffemodel, or --weights FILE.caffemodel.`,
    });
  }
  if (/\.onnx$/i.test(given)) return { kind: 'onnx', file: resolve(given) };
  return { kind: 'run', run: runOf(given) };
}

function runOf(given: string): ExportedRun {
  if (isFolder(given)) return findRun(given, undefined);
  const colon = given.lastIndexOf(':');
  const folder = given.slice(0, Math.max(0, colon));
  if (isFolder(folder)) return findRun(folder, given.slice(colon + 1));
  throw new UsageError(
    `${given}: wanted a network: FILE.onnx, FILE.prototxt:FILE.caffemodel, or a trained network of a study, such as demo/runs/split0/baseA or demo:split0/baseA`,
  );
}

function isFolder(path: string): boolean {
  return path !== '' && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

function nameOf(place: ModelPlace): string {
  if (place.kind === 'onnx') return basename(place.file).replace(/\.onnx$/i, '');
  if (place.kind === 'caffe') return basename(place.weights).replace(/\.caffemodel$/i, '');
  const { plan, entry } = place.run;
  return `${plan.study.name}-${entry.name}`.replace(/[^-\w.+@]+/g, '-');
}

/** What identifies a model, 64 hex digits: of an ONNX file its SHA-256, of others a hash of those
 *  of their files and of what the network is.
 *  @throws FileError; RunStoreError if weights were not kept or are not those that were trained */
export function modelHash({ place }: Model): string {
  if (place.kind === 'onnx') return fileHash(place.file);
  if (place.kind === 'caffe') return contentHash([place.prototxt, place.weights].map(fileHash));
  const { directory, entry } = place.run;
  return contentHash([entry.identity, expectTrainedWeights(networkFiles(directory, entry.name))]);
}
