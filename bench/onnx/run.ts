// What loads, and whether it computes the same: a table of ONNX files, each against onnxruntime.
//   npm run bench:onnx -- FOLDER | FILE...
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { segmentsOf } from '../../src/net/cuts.js';
import { type OnnxNetwork, readOnnx } from '../../src/net/formats/onnx/read-onnx.js';
import { weightLayers } from '../../src/net/network.js';
import { f32 } from '../../src/tensor/tensor.js';
import { largestDeviation, ourLogits, softmaxRows, theirLogits } from './logits.js';

/** Sizes for files that leave them open. */
const OPEN = { height: 48, width: 192 };
const IMAGES = 2;

async function compared(path: string, read: OnnxNetwork): Promise<string> {
  const { channels, height, width } = read.network.input;
  const count = IMAGES * channels * height * width;
  let state = 1;
  // Uniform with variance 1, as normalised images have.
  const pixels = Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * Math.sqrt(3);
  });
  const images = f32([IMAGES, channels, height, width], pixels);
  const ours = await ourLogits(createOnednnExecutor(), read, images);
  const { logits, isSoftmax } = await theirLogits(path, read, images);
  const mine = isSoftmax ? softmaxRows(ours, read.classes) : ours;
  const half = logits.length / 2;
  const spread = largestDeviation(logits.slice(half), logits.slice(0, half));
  return `${largestDeviation(mine, logits).toExponential(1)} | ${spread.toPrecision(2)}`;
}

async function row(path: string): Promise<string> {
  const name = basename(path, '.onnx');
  try {
    const read = readOnnx(path, OPEN);
    const { network } = read;
    const facts = [network.layers.length, weightLayers(network).length, segmentsOf(network).length];
    return `| ${name} | ${facts.join(' | ')} | ${await compared(path, read)} |`;
  } catch (error) {
    return `| ${name} | ${(error as Error).message.split('\n').slice(0, 3).join('; ')} |`;
  }
}

const files = process.argv.slice(2).flatMap((path) =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith('.onnx'))
        .map((name) => join(path, name))
    : [path],
);
console.log('| file | layers | weight layers | segments | deviation | two images differ by |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const file of files) console.log(await row(file));
