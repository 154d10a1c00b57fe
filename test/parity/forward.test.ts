// The presets against their publishers' networks: the same parameters, and the same answer to one
// image with the same weights (PyTorch, recorded by record_presets.py).
import { readFileSync } from 'node:fs';
import { describe, expect, test, type TestContext } from 'vitest';
import { ExecutorMissingError } from '../../src/base/errors.js';
import type { Executor } from '../../src/executors/executor.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { factsOf } from '../../src/net/facts.js';
import { lowerNetwork } from '../../src/net/lower.js';
import { type PresetName, presets } from '../../src/net/presets/table.js';
import { ProgramBuilder } from '../../src/program/builder.js';
import { elementCount, f32, type Shape } from '../../src/tensor/tensor.js';
import { ifPortable, rowsOf } from '../portable.js';
import { fillOf, uniformArray } from './hash.js';

/** What one reference network answered: float64 arithmetic on float32 parameters. */
interface Answer {
  /** Number of parameters that learn. */
  readonly parameters: number;
  readonly classes: number;
  /** Height = width of the image. */
  readonly size: number;
  /** The first ten. */
  readonly logits: readonly number[];
  /** Largest absolute value of all logits. */
  readonly largestLogit: number;
  /** Euclidean norm of all logits. */
  readonly norm: number;
}

type Recorded = Exclude<PresetName, 'glyph28' | 'tiny32' | 'alex64' | 'caffenet'>;

const path = new URL('presets.json', import.meta.url);
const record = (
  JSON.parse(readFileSync(path, 'utf8')) as { readonly presets: Record<Recorded, Answer> }
).presets;

const imageStream = 300;

async function logitsOf(executor: Executor, name: Recorded): Promise<Float32Array> {
  const { classes, size } = record[name];
  const builder = new ProgramBuilder();
  const network = builder.network(name);
  const shape = [1, 3, size, size];
  const slots = new Map<string, Shape>();
  const x = builder.feed('image', { dtype: 'f32', shape });
  const logits = lowerNetwork(builder, presets[name], x, {
    mode: 'test',
    classes,
    dropoutStream: [],
    blob: (layer, blob) => {
      const slot = `${layer.name}.${blob.name}`;
      slots.set(slot, blob.shape);
      return builder.slot(slot, { dtype: 'f32', shape: blob.shape });
    },
  });
  builder.output('logits', logits, network);
  const executable = await executor.compile(
    { test: builder.finish() },
    { precision: 'fp32', exact: true },
  );
  for (const [slot, of] of slots) await executable.write(slot, f32(of, fillOf(slot, of)));
  const image = f32(shape, uniformArray(imageStream, elementCount(shape), 1));
  const outputs = await executable.run('test', { image }, {});
  executable.dispose();
  return outputs['logits']?.data as Float32Array;
}

/** The executor, or the test is skipped because the machine has none. */
function opened(make: () => Executor, context: TestContext): Executor {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ExecutorMissingError)) throw error;
    return context.skip(error.message);
  }
}

interface Row {
  readonly executor: string;
  readonly make: () => Executor;
  readonly names: readonly Recorded[];
}

// The reference executor needs a minute and more for the larger ones.
const small = ['resnet20', 'vit-tiny32'] as const satisfies readonly Recorded[];
const names = Object.keys(record) as Recorded[];
const usual = [
  { executor: 'onednn', make: createOnednnExecutor, names },
  { executor: 'reference', make: createReferenceExecutor, names: small },
  ...ifPortable([{ executor: 'onnx', make: createOnnxExecutor, names: small }]),
];
const runs: readonly Row[] = rowsOf<Row>(usual, [
  { executor: 'onnx', make: createOnnxExecutor, names },
]);

test.each(Object.keys(record) as Recorded[])('%s has as many parameters', (name) => {
  const { classes, parameters } = record[name];
  const blobs = [...factsOf(presets[name], classes).values()].flatMap((facts) => facts.blobs);
  const learned = blobs.filter(({ role }) => role === 'learned');
  const count = learned.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  expect(count).toBe(parameters);
});

describe.each(runs)('$executor', ({ make, names }) => {
  test.for(names)('%s answers as its reference network', async (name, context) => {
    const { classes, logits, largestLogit, norm } = record[name];
    const found = await logitsOf(opened(make, context), name);
    expect(found).toHaveLength(classes);
    const deviations = logits.map((logit, i) => Math.abs(logit - (found[i] ?? Number.NaN)));
    expect(Math.max(...deviations) / largestLogit).toBeLessThan(1e-4);
    const squares = found.reduce((sum, value) => sum + value ** 2, 0);
    expect(Math.abs(Math.sqrt(squares) / norm - 1)).toBeLessThan(1e-4);
  });
});
