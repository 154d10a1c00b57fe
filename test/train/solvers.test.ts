// Ten steps of a linear classifier against the same steps worked out here in float64: solvers,
// policies, clipping, smoothing, and the settings of single parameters.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Executor } from '../../src/executors/executor.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import type { Network } from '../../src/net/network.js';
import { f32, i32, u8 } from '../../src/tensor/tensor.js';
import { buildGangPrograms, meanSlot } from '../../src/train/gang-program.js';
import type { NetworkJob, Schedule } from '../../src/train/job.js';
import { learningRateAt, scalarsAt } from '../../src/train/learning-rate.js';
import { stateSlot } from '../../src/train/parameter.js';
import { ifPortable } from '../portable.js';
import { base, gangJob } from './job.js';

const [rows, pixels, classes, iterations] = [3, 4, 3, 10];
const scale = 1 / 64;
const blob = { filler: { type: 'constant', value: 0 }, lrMult: 1, decayMult: 1 } as const;
const network: Network = {
  name: 'linear',
  input: { channels: 1, height: 2, width: 2, scale: [scale], mean: 'image' },
  output: 'fc',
  layers: [
    {
      ...{ kind: 'inner-product', name: 'fc', inputs: ['data'], outputs: 'classes', weight: blob },
      bias: { ...blob, lrMult: 2 },
    },
  ],
};

const crops = [10, 200, 30, 90, 250, 5, 60, 120, 33, 77, 140, 255];
const labels = [2, 0, 1];
const start = [
  ...[0.5, -0.25, 0.125, 1, -0.75, 0.5, 0.25, -1, 0.0625, 0.375, -0.5, 0.75],
  ...[0.25, -0.5, 0.125],
];
const isBias = (at: number): boolean => at >= classes * pixels;

/** d loss / d weights and biases of the mean cross-entropy of softmax(x W^T + b). */
function gradientOf(values: readonly number[], smoothing: number): number[] {
  const gradient = values.map(() => 0);
  for (let row = 0; row < rows; row++) {
    const x = crops.slice(row * pixels, (row + 1) * pixels).map((pixel) => pixel * scale);
    const scores = [0, 1, 2].map((c) =>
      x.reduce(
        (sum, value, k) => sum + value * values[c * pixels + k]!,
        values[classes * pixels + c]!,
      ),
    );
    const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    scores.forEach((score, c) => {
      const wanted = (labels[row] === c ? 1 - smoothing : 0) + smoothing / classes;
      const slope = (Math.exp(score) / total - wanted) / rows;
      x.forEach((value, k) => (gradient[c * pixels + k]! += slope * value));
      gradient[classes * pixels + c]! += slope;
    });
  }
  return gradient;
}

interface Step {
  readonly gradient: readonly number[];
  /** Decay of each element. */
  readonly decay: readonly number[];
  readonly rate: readonly number[];
  /** Iteration, from 1. */
  readonly t: number;
}

type Rule = (step: Step, values: number[]) => void;

function momentum(mu: number, isNesterov: boolean): Rule {
  const velocity = start.map(() => 0);
  return ({ gradient, decay, rate }, values) => {
    values.forEach((w, at) => {
      const before = velocity[at]!;
      const v = mu * before + rate[at]! * (gradient[at]! + decay[at]! * w);
      velocity[at] = v;
      // Nesterov's: a step of momentum ahead, (1 + mu) v' - mu v.
      values[at] = w - (isNesterov ? (1 + mu) * v - mu * before : v);
    });
  };
}

function adamw(beta1: number, beta2: number, epsilon: number): Rule {
  const [first, second] = [start.map(() => 0), start.map(() => 0)];
  return ({ gradient, decay, rate, t }, values) => {
    values.forEach((w, at) => {
      first[at] = beta1 * first[at]! + (1 - beta1) * gradient[at]!;
      second[at] = beta2 * second[at]! + (1 - beta2) * gradient[at]! ** 2;
      const mean = first[at]! / (1 - beta1 ** t);
      const square = second[at]! / (1 - beta2 ** t);
      values[at] =
        w - rate[at]! * decay[at]! * w - (rate[at]! * mean) / (Math.sqrt(square) + epsilon);
    });
  };
}

interface Case {
  readonly schedule?: Partial<Schedule>;
  readonly member?: Partial<NetworkJob>;
  readonly rule: () => Rule;
  /** Learning rate of iteration t from 0; left out: 0.05. */
  readonly rate?: (t: number) => number;
  readonly smoothing?: number;
  readonly clip?: number;
  readonly biasDecay?: number;
  readonly factor?: number;
}

const sgd = { kind: 'sgd', momentum: 0.9, weightDecay: 0.1 } as const;
const plain = (): Rule => momentum(0.9, false);
const adam = { kind: 'adamw', beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1 } as const;
const copied = { copied: ['fc'], source: 'runs/split0/baseA', sourceIdentity: 'a' };

const cases: Readonly<Record<string, Case>> = {
  momentum: { rule: plain },
  'nesterov momentum': {
    schedule: { solver: { ...sgd, nesterov: true } },
    rule: () => momentum(0.9, true),
  },
  adamw: { schedule: { solver: adam }, rule: () => adamw(0.8, 0.95, 1e-3) },
  'label smoothing': { schedule: { labelSmoothing: 0.2 }, smoothing: 0.2, rule: plain },
  'clipping of every step': { schedule: { clipNorm: 0.3 }, clip: 0.3, rule: plain },
  'clipping of some steps': { schedule: { clipNorm: 1.5 }, clip: 1.5, rule: plain },
  'no decay on biases': {
    schedule: { noDecay: 'norms-and-biases' },
    biasDecay: 0,
    rule: plain,
  },
  'a rate of its own for copied layers': {
    member: { ...copied, copiedRate: 0.1 },
    factor: 0.1,
    rule: plain,
  },
  'steps and warm-up': {
    schedule: { steps: [5, 8], gamma: 0.5, warmup: 4 },
    rate: (t) => (0.05 * Math.min(4, t + 1)) / 4 / (t >= 8 ? 4 : t >= 5 ? 2 : 1),
    rule: plain,
  },
  exp: {
    schedule: { policy: { kind: 'exp', gamma: 0.7 } },
    rate: (t) => 0.05 * 0.7 ** t,
    rule: plain,
  },
  inv: {
    schedule: { policy: { kind: 'inv', gamma: 0.5, power: 0.75 } },
    rate: (t) => 0.05 / (1 + t / 2) ** 0.75,
    rule: plain,
  },
  poly: {
    schedule: { policy: { kind: 'poly', power: 2 } },
    rate: (t) => 0.05 * ((10 - t) / 10) ** 2,
    rule: plain,
  },
  sigmoid: {
    schedule: { policy: { kind: 'sigmoid', gamma: -0.9, stepSize: 6 } },
    rate: (t) => 0.05 * (1 - 1 / (1 + Math.exp(-0.9 * (t - 6)))),
    rule: plain,
  },
  'cosine and warm-up with nesterov': {
    schedule: {
      solver: { ...sgd, nesterov: true },
      policy: { kind: 'cosine', end: 0.01 },
      warmup: 3,
    },
    rate: (t) => (0.03 + 0.02 * Math.cos((t / 10) * Math.PI)) * Math.min(1, (t + 1) / 3),
    rule: () => momentum(0.9, true),
  },
  'all with adamw': {
    schedule: {
      ...{ solver: adam, labelSmoothing: 0.1, clipNorm: 0.2, noDecay: 'norms-and-biases' },
      policy: { kind: 'cosine', end: 0 },
    },
    ...{ smoothing: 0.1, clip: 0.2, biasDecay: 0 },
    rate: (t) => 0.025 * (1 + Math.cos((t / 10) * Math.PI)),
    rule: () => adamw(0.8, 0.95, 1e-3),
  },
};

function expected({ rule, smoothing = 0, clip, biasDecay = 0.1, factor = 1, ...it }: Case) {
  const values = [...start];
  const update = rule();
  for (let t = 0; t < iterations; t++) {
    const rate = (it.rate?.(t) ?? 0.05) * factor;
    const raw = gradientOf(values, smoothing);
    const norm = Math.hypot(...raw);
    const share = clip !== undefined && norm > clip ? clip / norm : 1;
    update(
      {
        gradient: raw.map((slope) => slope * share),
        decay: values.map((_, at) => (isBias(at) ? biasDecay : 0.1)),
        rate: values.map((_, at) => rate * (isBias(at) ? 2 : 1)),
        t: t + 1,
      },
      values,
    );
  }
  return values;
}

async function found(executor: Executor, { schedule, member }: Case): Promise<number[]> {
  const name: NetworkJob = { ...base('B'), ...member, frozen: [] };
  const made = gangJob('/nowhere', [name]);
  const job = {
    ...made,
    network,
    input: { ...made.input, target: { ...made.input.target, classes: ['a', 'b', 'c'] } },
    schedule: {
      ...{ batch: rows, iterations, learningRate: 0.05, gamma: 1, steps: [], testEvery: 1 },
      ...{ solver: sgd },
      ...schedule,
    },
  };
  const form = { channels: 1, height: 2, width: 2 } as const;
  const { train, parameters } = buildGangPrograms(job, form);
  const executable = await executor.compile({ train }, { precision: 'fp32', exact: true });
  try {
    await executable.write(meanSlot('B'), f32([1, 2, 2]));
    const [weight, bias] = parameters[0]!;
    await executable.write(
      weight!.slot,
      f32([classes, pixels], Float32Array.from(start.slice(0, classes * pixels))),
    );
    await executable.write(
      bias!.slot,
      f32([classes], Float32Array.from(start.slice(classes * pixels))),
    );
    for (const each of [weight!, bias!]) {
      for (const state of each.solverState) {
        await executable.write(stateSlot(each, state), f32(each.blob.shape));
      }
    }
    const feeds = {
      crops: u8([rows, 1, 2, 2], Uint8Array.from(crops)),
      windows: i32([rows, 3]),
      labels: i32([rows], Int32Array.from(labels)),
    };
    for (let t = 0; t < iterations; t++) {
      await executable.run('train', feeds, scalarsAt(job, t));
    }
    const read = async (slot: string) => [...(await executable.read(slot)).data];
    return [...(await read(weight!.slot)), ...(await read(bias!.slot))];
  } finally {
    executable.dispose();
  }
}

// Recorded by test/parity/record_pieces.py; PyTorch adds 1e-6 to the norm that it divides by.
const { solvers: recorded } = JSON.parse(
  readFileSync(new URL('../parity/pieces.json', import.meta.url), 'utf8'),
) as { readonly solvers: Readonly<Record<string, readonly number[]>> };

test.each(Object.keys(recorded))('PyTorch has the same: %s', (name) => {
  const values = expected(cases[name]!);
  const digits = name.startsWith('clipping') ? 5 : 12;
  recorded[name]!.forEach((value, at) => expect(values[at]).toBeCloseTo(value, digits));
});

describe.each([
  ['reference', () => createReferenceExecutor({ state: 'f64' }), 10],
  ['onednn', createOnednnExecutor, 5],
  ...ifPortable([['onnx', createOnnxExecutor, 5] as const]),
] as const)('%s', (_, open, digits) => {
  const executor = open();
  test.each(Object.keys(cases))('%s', async (name) => {
    const wanted = expected(cases[name]!);
    const values = await found(executor, cases[name]!);
    wanted.forEach((value, at) => expect(values[at], `element ${at}`).toBeCloseTo(value, digits));
    expect(Math.max(...wanted.map((value, at) => Math.abs(value - start[at]!)))).toBeGreaterThan(
      0.01,
    );
  });
});

test('without a policy the rate falls at steps', () => {
  const { schedule } = gangJob('/nowhere', []);
  const rates = [0, 7, 8, 11].map((t) => learningRateAt(schedule, t));
  expect(rates).toEqual([0.02, 0.02, 0.02 * 0.1, 0.02 * 0.1]);
});
