// The logits of a network from an ONNX file, by an executor of ours and by onnxruntime.
import * as ort from 'onnxruntime-node';
import type { Executor } from '../../src/executors/executor.js';
import type { OnnxNetwork } from '../../src/net/formats/onnx/read-onnx.js';
import { lowerNetwork } from '../../src/net/lower.js';
import { ProgramBuilder } from '../../src/program/builder.js';
import { f32, type HostTensor } from '../../src/tensor/tensor.js';

/** Logits [N, classes] of normalised images [N,C,H,W], all at once, as a network under test. */
export async function ourLogits(
  executor: Executor,
  { network, weights, classes }: OnnxNetwork,
  images: HostTensor<Float32Array>,
): Promise<readonly number[]> {
  const builder = new ProgramBuilder();
  const x = builder.feed('images', { dtype: 'f32', shape: images.shape });
  const logits = lowerNetwork(builder, network, x, {
    mode: 'test',
    classes,
    dropoutStream: [],
    blob: (layer, { name, shape }) =>
      builder.slot(`${layer.name}.${name}`, { dtype: 'f32', shape }),
  });
  builder.output('logits', logits, builder.network(network.name));
  const program = builder.finish();
  const executable = await executor.compile({ test: program }, { precision: 'fp32', exact: true });
  try {
    for (const [name, { shape, read }] of weights) await executable.write(name, f32(shape, read()));
    const outputs = await executable.run('test', { images }, {});
    return Array.from(outputs.logits?.data ?? []);
  } finally {
    executable.dispose();
  }
}

/** The same by onnxruntime, image by image: files may be for one only. */
export async function theirLogits(
  path: string,
  { inputLayout, notes }: OnnxNetwork,
  { shape, data }: HostTensor<Float32Array>,
): Promise<{ readonly logits: readonly number[]; readonly isSoftmax: boolean }> {
  // Optimised, onnxruntime 1.30 takes zeros that a Pad puts around a MaxPool for its padding.
  const options = { logSeverityLevel: 3, graphOptimizationLevel: 'disabled' } as const;
  const session = await ort.InferenceSession.create(path, options);
  const [count = 0, channels = 0, height = 0, width = 0] = shape;
  const size = channels * height * width;
  const logits: number[] = [];
  for (let image = 0; image < count; image++) {
    const pixels = data.subarray(image * size, (image + 1) * size);
    const isLast = inputLayout === 'NHWC';
    const dims = isLast ? [1, height, width, channels] : [1, channels, height, width];
    const laid = isLast ? channelsLast(pixels, channels) : pixels.slice();
    const feeds = { [session.inputNames[0] as string]: new ort.Tensor('float32', laid, dims) };
    const outputs = await session.run(feeds);
    const output = outputs[session.outputNames[0] as string];
    logits.push(...(output?.data as Float32Array));
  }
  await session.release();
  return { logits, isSoftmax: notes.some((note) => note.startsWith('the Softmax at its end')) };
}

function channelsLast(pixels: Float32Array, channels: number): Float32Array {
  const area = pixels.length / channels;
  return pixels.map(
    (_, index) => pixels[(index % channels) * area + Math.floor(index / channels)] as number,
  );
}

/** Softmax of each row of so many numbers. */
export function softmaxRows(numbers: readonly number[], row: number): readonly number[] {
  return numbers.map((value, index) => {
    const start = Math.floor(index / row) * row;
    const rest = numbers.slice(start, start + row);
    const sum = rest.reduce((total, other) => total + Math.exp(other - value), 0);
    return 1 / sum;
  });
}

/** Largest difference, as a share of the largest number of `theirs`. */
export function largestDeviation(ours: readonly number[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length) return Infinity;
  const largest = Math.max(...theirs.map(Math.abs));
  // NaN must not pass for the smallest of all.
  return ours.reduce((worst, value, index) => {
    const deviation = Math.abs(value - (theirs[index] as number)) / largest;
    return Number.isNaN(deviation) ? Infinity : Math.max(worst, deviation);
  }, 0);
}
