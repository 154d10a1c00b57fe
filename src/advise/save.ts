// The chosen network as an ONNX file that takes pixels, with the names of its classes and how its
// images are prepared.
import { join } from 'node:path';
import { UsageError } from '../base/errors.js';
import { packageVersion } from '../base/package-files.js';
import { readOnnx } from '../net/formats/onnx/read-onnx.js';
import { writeOnnx } from '../net/formats/onnx/write/write-onnx.js';
import { exportRun, findRun } from '../study/export/exported-run.js';
import { readSafetensors } from '../tensor/safetensors.js';
import type { Advice } from './advice.js';
import { PROBE_WEIGHTS } from './probe-arm.js';
import { USUAL_SIZE } from './source.js';

/** The file's bytes.
 *  @param directory of the advice
 *  @throws UsageError if nothing was trained; RunStoreError, ParseError if its files are not
 *  there */
export async function savedNetwork(directory: string, advice: Advice): Promise<Uint8Array> {
  const [chosen] = advice.arms;
  if (chosen === undefined) {
    throw new UsageError(`${directory}: no network was trained, there is none to save`, {
      hint: 'Give the same command again: it resumes.',
    });
  }
  if (chosen.arm.treatment === 'probe') return savedProbe(directory, advice);
  const run = findRun(join(directory, chosen.study), chosen.network);
  return (await exportRun(run, { isPrepared: false })).bytes;
}

function savedProbe(directory: string, { model, data, preprocessing, arms }: Advice): Uint8Array {
  const { network } = readOnnx(model.file, { height: USUAL_SIZE, width: USUAL_SIZE });
  const { mean, std } = preprocessing.chosen;
  const scale = std.map((each) => 1 / each);
  const { channels, height, width } = network.input;
  const metadata = {
    classes: JSON.stringify(data.classes),
    'selffer.input': JSON.stringify({
      ...{ layout: 'NCHW', channels: channels === 3 ? 'RGB' : String(channels), height, width },
      ...{ values: 'pixels, 0 to 255', mean, scale },
      preparedBy: 'the file: data.mean, data.scale',
    }),
    'selffer.network': 'last layer by logistic regression',
    'selffer.accuracy': String(arms[0]?.selectionAccuracy ?? ''),
  };
  return writeOnnx({
    network,
    classes: data.classes.length,
    weights: readSafetensors(join(directory, arms[0]?.study ?? '', PROBE_WEIGHTS)).tensors,
    preparation: { mean: { shape: [mean.length], data: Float32Array.from(mean) }, scale },
    metadata,
    version: packageVersion(),
  });
}
