import { expect, test } from 'vitest';
import { smallNetwork, task } from '../../../test/train/forward.js';
import { ExecutorMissingError, RunStoreError } from '../../base/errors.js';
import type { Executor } from '../../executors/executor.js';
import { createOnednnExecutor } from '../../executors/onednn/index.js';
import { createReferenceExecutor } from '../../executors/reference/index.js';
import { segmentsOf } from '../../net/cuts.js';
import type { HostTensor } from '../../tensor/tensor.js';
import { drawnWeights } from '../../../test/train/forward.js';
import { type ForwardOptions, type Look, openForwardNetwork } from './forward-network.js';
import { type ImageChoice, imageCount, passImages } from './image-pass.js';

const options: ForwardOptions = {
  network: smallNetwork,
  classes: 4,
  weights: drawnWeights(1),
  mean: new Float32Array(28 * 28).fill(30),
  images: { channels: 1, height: 28, width: 28 },
  batch: 5,
  ends: [1, 2, 3, 4],
  looks: ['features', 'grams', 'answers'],
};
const seven: ImageChoice = { task, part: 'val', records: task.val.subarray(0, 7) };

/** Rows of what is seen at each end, padding left out. */
async function seen(
  look: Look,
  choice: ImageChoice,
  own: Partial<ForwardOptions> = {},
  executor: Executor = createReferenceExecutor(),
): Promise<Readonly<Record<number, readonly (readonly number[])[]>>> {
  const network = await openForwardNetwork({ ...options, ...own }, executor);
  const all: Record<number, number[][]> = {};
  for await (const { minibatch, rows } of passImages(choice, network.takes)) {
    for (const [end, tensor] of await network.look(look, minibatch)) {
      (all[end] ??= []).push(...rowsOf(tensor).slice(0, rows));
    }
  }
  network.dispose();
  return all;
}

function rowsOf({ data, shape: [count = 0] }: HostTensor): number[][] {
  const length = data.length / count;
  return Array.from({ length: count }, (_, row) => [
    ...data.subarray(row * length, (row + 1) * length),
  ]);
}

test('features of an image are the same whatever minibatch it stands in', async () => {
  const together = await seen('features', seven);
  expect(Object.keys(together)).toEqual(['1', '2', '3', '4']);
  expect(imageCount(seven)).toBe(7);
  expect(together[1]?.map(({ length }) => length)).toEqual(Array(7).fill(8 * 6 * 6));
  expect(together[4]?.map(({ length }) => length)).toEqual(Array(7).fill(4));
  const alone = await seen('features', { ...seven, records: task.val.subarray(6, 7) });
  expect(alone[3]).toEqual([together[3]?.[6]]);
  const wide = await seen('features', seven, { batch: 7 });
  expect(wide).toEqual(together);
});

test('training images are cut as tests cut: twice the same', async () => {
  const choice: ImageChoice = { task, part: 'train' };
  expect(imageCount(choice)).toBe(80);
  expect(await seen('features', choice)).toEqual(await seen('features', choice));
});

test('a Gram matrix holds the inner products of whole activations', async () => {
  // Nothing of this network is long enough to be pooled.
  const features = await seen('features', seven, { batch: 7 });
  const grams = await seen('grams', seven, { batch: 7 });
  for (const { ordinal } of segmentsOf(smallNetwork)) {
    const [a = [], b = []] = [features[ordinal]?.[2], features[ordinal]?.[5]];
    const product = a.reduce((sum, value, at) => sum + value * (b[at] as number), 0);
    expect(grams[ordinal]?.[2]?.[5]).toBeCloseTo(product, 6);
    expect(grams[ordinal]?.[5]?.[2]).toBeCloseTo(product, 6);
  }
});

test('an answer is right where the largest logit is at the label', async () => {
  const all: ImageChoice = { task, part: 'val' };
  const logits = (await seen('features', all))[4] ?? [];
  const answers = ((await seen('answers', all))[4] ?? []).flat();
  const right = logits.map((row, at) => {
    const label = task.valLabels[task.val[at] as number] as number;
    return row.indexOf(Math.max(...row)) === label ? 1 : 0;
  });
  expect(answers).toEqual(right);
  expect(new Set(right).size).toBe(2);
});

test('below the last end that is looked at no weights are needed, and it sees the same', async () => {
  const own = Object.entries(options.weights).filter(([name]) => /^conv/.test(name));
  const low = { ends: [1, 2], looks: ['features'] as const, weights: Object.fromEntries(own) };
  const whole = await seen('features', seven);
  expect(await seen('features', seven, low)).toEqual({ 1: whole[1], 2: whole[2] });
});

test('other weights in the place of some change what lies above them', async () => {
  const network = await openForwardNetwork(options, createReferenceExecutor());
  const look = async () => {
    for await (const { minibatch } of passImages(seven, network.takes)) {
      return await network.look('features', minibatch);
    }
    return new Map();
  };
  expect([...network.shapes]).toEqual([
    [1, [8, 6, 6]],
    [2, [12, 3, 3]],
    [3, [20]],
    [4, [4]],
  ]);
  const before = await look();
  const conv2 = Object.entries(drawnWeights(2)).filter(([name]) => /^conv2/.test(name));
  await network.write(Object.fromEntries(conv2));
  const after = await look();
  expect(after.get(1)).toEqual(before.get(1));
  for (const end of [2, 3, 4]) expect(after.get(end)).not.toEqual(before.get(end));
  await network.write(options.weights);
  expect(await look()).toEqual(before);
  network.dispose();
});

test('weights that do not fit are refused', async () => {
  const { 'fc3.weight': fc3, ...others } = options.weights;
  const opening = (weights: ForwardOptions['weights']) =>
    openForwardNetwork({ ...options, weights }, createReferenceExecutor());
  await expect(opening(others)).rejects.toThrow(RunStoreError);
  await expect(opening(others)).rejects.toThrow(
    'network small: fc3.weight in the weights: found no such tensor, wanted f32[20,108]',
  );
  const turned = { ...(fc3 as HostTensor), shape: [108, 20] };
  await expect(opening({ ...others, 'fc3.weight': turned })).rejects.toThrow(
    'found f32[108,20], wanted f32[20,108]',
  );
});

test('oneDNN sees what the reference sees', async ({ skip }) => {
  let executor: Executor;
  try {
    executor = createOnednnExecutor();
  } catch (error) {
    if (error instanceof ExecutorMissingError) return skip(error.message);
    throw error;
  }
  for (const look of ['features', 'grams'] as const) {
    const wanted = await seen(look, seven);
    const found = await seen(look, seven, {}, executor);
    for (const end of options.ends) {
      const [a, b] = [(found[end] ?? []).flat(), (wanted[end] ?? []).flat()];
      const largest = Math.max(...b.map(Math.abs));
      expect(a).toHaveLength(b.length);
      a.forEach((value, at) => {
        expect(Math.abs(value - (b[at] as number)) / largest).toBeLessThan(1e-5);
      });
    }
  }
});
