// Networks from ONNX files give what onnxruntime gives, image by image, on every executor: each
// operator and each pattern in a small graph of its own.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { largestDeviation, ourLogits, softmaxRows, theirLogits } from '../../bench/onnx/logits.js';
import type { Executor } from '../../src/executors/executor.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { readOnnx } from '../../src/net/formats/onnx/read-onnx.js';
import { f32 } from '../../src/tensor/tensor.js';
import { bytesOf, madeModel } from '../made-onnx.js';
import { rowsOf } from '../portable.js';
import { graphs, random } from './graphs.js';

const directory = mkdtempSync(join(tmpdir(), 'selffer-outputs-'));
const executors = rowsOf<readonly [string, () => Executor]>(
  [
    ['reference', createReferenceExecutor],
    ['onednn', createOnednnExecutor],
  ],
  [['onnx', createOnnxExecutor]],
);

describe.each(executors)('%s', (_, open) => {
  const executor = open();
  test.for(Object.entries(graphs))('%s', async ([name, { kinds, ...made }]) => {
    const path = join(directory, `${name.replaceAll(/\W+/g, '-')}.onnx`);
    writeFileSync(path, bytesOf(madeModel(made)));
    const read = readOnnx(path);
    const found = read.network.layers.map((layer) =>
      layer.kind === 'activation' ? layer.function : layer.kind,
    );
    expect(found.slice(0, -1)).toEqual(kinds);
    const { channels, height, width } = read.network.input;
    const images = f32([2, channels, height, width], random(2 * channels * height * width, 7));
    const ours = await ourLogits(executor, read, images);
    const { logits, isSoftmax } = await theirLogits(path, read, images);
    const compared = isSoftmax ? softmaxRows(ours, read.classes) : ours;
    expect(largestDeviation(compared, logits)).toBeLessThan(1e-5);
    // Images differ, or a network that mixes them up would pass.
    const half = logits.length / 2;
    expect(largestDeviation(logits.slice(half), logits.slice(0, half))).toBeGreaterThan(1e-3);
  });
});
