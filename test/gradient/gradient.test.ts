// Every op with a gradient rule, alone under a loss, and whole networks: central differences
// against `differentiate`.
import { expect, test } from 'vitest';
import { ProgramBuilder } from '../../src/program/builder.js';
import type { OpName } from '../../src/program/ops/params.js';
import { opRules } from '../../src/program/ops/table.js';
import type { ValueId } from '../../src/program/types.js';
import { elementCount, type HostTensor } from '../../src/tensor/tensor.js';
import { emitChain, parametersOf, parseChain, resultOf } from '../conformance/chain.js';
import { type Content, filled } from '../conformance/fill.js';
import {
  axes,
  GradientCheck,
  type Outcome,
  randomDirection,
  type Subject,
} from './gradient-check.js';

const trials = 20;
const tolerance = 1e-6;

function reals(name: string, shape: readonly number[], content: Content = {}): HostTensor {
  return filled(`gradient ${name}`, { dtype: 'f32', shape }, content, 'reals');
}

function labelsOf(rows: number, classes: number): HostTensor {
  const content = { from: -1, below: classes };
  return filled('gradient labels', { dtype: 'i32', shape: [rows] }, content, 'reals');
}

/** `name` says which ops; the chain (or graph) ends in logits. */
function subject(
  name: string,
  inputs: Readonly<Record<string, HostTensor>>,
  rows: number,
  classes: number,
  logits: (builder: ProgramBuilder, given: Readonly<Record<string, ValueId>>) => ValueId,
  constants: Readonly<Record<string, HostTensor>> = {},
): Subject {
  const labels = labelsOf(rows, classes);
  return {
    name,
    inputs,
    constants: { labels, ...constants },
    build: (builder, given) =>
      builder.apply('softmax_cross_entropy', {}, [logits(builder, given), given['labels']!]),
  };
}

function chainSubject(line: string): Subject {
  const chain = parseChain(line);
  const given = parametersOf(chain, new ProgramBuilder());
  const parameters = Object.fromEntries(
    Object.entries(given).map(([name, { type, content }]) => [
      name,
      reals(`${line} ${name}`, type.shape, content),
    ]),
  );
  const inputs = { x: reals(`${line} x`, chain.inputShape), ...parameters };
  const classes = chain.layers.at(-1)?.get('oc') as number;
  return subject(line, inputs, chain.inputShape[0] as number, classes, (builder, values) =>
    resultOf(emitChain(builder, chain, values['x']!, (name) => values[name]!)),
  );
}

const chains = [
  'convolution mb2ic3ih6 | conv oc4kh3ph1 | ip oc5',
  'convolution mb2ic4ih9 | conv g2oc6kh3sh2ph1 | ip oc5',
  'inner_product mb3ic7 | ip oc5',
  'convolution_inner_product mb2ic3ih5 | conv oc4kh3nb1 | ip oc5nb1',
  'batch_norm mb3ic2ih3 | bn | ip oc5',
  'batch_norm mb4ic5 | ip oc6nb1 | bn eps1e-3 | relu | ip oc5',
  'relu mb3ic7 | ip oc9 | relu | ip oc5',
  'max_pool mb2ic3ih7 | pool kh3sh2 | ip oc5',
  'max_pool mb2ic3ih8 | pool kh3sh2ph1 | ip oc5',
  'average_pool mb2ic3ih7 | avg kh3sh2 | ip oc5',
  'average_pool mb2ic2ih6 | avg kh3sh2ph1ip1 | ip oc5',
  'mean mb2ic4ih4 | gap | ip oc5',
  'lrn mb2ic6ih4 | lrn a1 | ip oc5',
  'lrn mb2ic3ih4 | lrn a2b0.5k2 | ip oc5',
  'multiply mb3ic8 | ip oc12 | drop r0.5 | ip oc5',
  'network mb2ic3ih16 | conv oc8kh5ph2 | relu | pool kh3sh2 | lrn a0.1 | conv g2oc8kh3ph1 | relu | lrn a0.1 | pool kh3sh2 | ' +
    'ip oc16 | relu | drop r0.5 | ip oc7',
  'network mb2ic1ih13 | conv oc6kh3ph1 | relu | pool kh3sh2 | conv oc6kh3ph1 | relu | pool kh3sh2 | ip oc10 | relu | drop r0.3 | ip oc4',
];

const graphs: readonly Subject[] = [
  subject(
    'add of two branches and of x to itself',
    { x: reals('add x', [3, 5]), z: reals('add z', [3, 5]) },
    3,
    5,
    (builder, { x, z }) => {
      const twice = builder.apply('add', {}, [x!, x!]);
      return builder.apply('add', {}, [
        twice,
        builder.apply('relu', {}, [builder.apply('add', {}, [twice, z!])]),
      ]);
    },
  ),
  subject(
    'multiply by each side and by itself',
    { x: reals('mul x', [3, 5]), z: reals('mul z', [3, 5]) },
    3,
    5,
    (builder, { x, z }) =>
      builder.apply('multiply', {}, [builder.apply('multiply', {}, [x!, z!]), x!]),
  ),
  subject(
    'batch_norm_inference after an inner_product',
    {
      x: reals('stored x', [4, 3]),
      w: reals('stored w', [5, 3]),
      scale: reals('stored scale', [5]),
      shift: reals('stored shift', [5]),
    },
    4,
    5,
    (builder, { x, w, scale, shift }) => {
      const params = { epsilon: 2, hasScale: true, hasShift: true };
      const vector = { dtype: 'f32', shape: [5] } as const;
      const y = builder.apply('inner_product', {}, [x!, w!]);
      const stored = [y, builder.feed('mean', vector), builder.feed('variance', vector)];
      return builder.apply('batch_norm_inference', params, [...stored, scale!, shift!]);
    },
    { mean: reals('stored mean', [5]), variance: reals('stored variance', [5]) },
  ),
  subject(
    'softmax_cross_entropy alone',
    { x: reals('loss x', [4, 6], { amplitude: 3 }) },
    4,
    6,
    (_, { x }) => x!,
  ),
];

const subjects = new Map([...chains.map(chainSubject), ...graphs].map((made) => [made.name, made]));

test.each([...subjects.keys()])('%s', async (name) => {
  const made = subjects.get(name) as Subject;
  const check = await GradientCheck.of(made);
  const outcomes: Outcome[] = [];
  for (let trial = 0; trial < trials; trial++) {
    outcomes.push(await check.along(randomDirection(made, trial)));
  }
  const smooth = outcomes.filter(({ hasKink }) => !hasKink);
  expect(smooth.length, 'directions without a kink').toBeGreaterThanOrEqual(0.9 * trials);
  for (const { analytic, numeric } of smooth) {
    const scale = Math.max(Math.abs(analytic), Math.abs(numeric));
    expect(Math.abs(analytic - numeric) / scale).toBeLessThanOrEqual(tolerance);
  }
});

test('every op that claims a gradient is among the subjects', () => {
  const names = [...subjects.keys()].join(' ');
  const claimed = (Object.keys(opRules) as OpName[]).filter((op) => opRules[op].gradient !== null);
  expect(claimed.filter((op) => op !== 'dropout_mask' && !names.includes(op))).toEqual([]);
});

const small = [...subjects.values()].filter(
  ({ inputs }) =>
    Object.values(inputs).reduce((sum, { shape }) => sum + elementCount(shape), 0) < 200,
);

test.each(small.map(({ name }) => name))('element by element: %s', async (name) => {
  const made = subjects.get(name) as Subject;
  const check = await GradientCheck.of(made);
  const outcomes: Outcome[] = [];
  for (const axis of axes(made)) outcomes.push(await check.along(axis));
  expect(outcomes.some(({ hasKink }) => hasKink)).toBe(false);
  const largest = Math.max(...outcomes.map(({ analytic }) => Math.abs(analytic)));
  for (const { analytic, numeric } of outcomes) {
    expect(Math.abs(analytic - numeric)).toBeLessThanOrEqual(tolerance * largest);
  }
});
