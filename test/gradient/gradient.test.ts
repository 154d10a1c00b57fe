// Every op with a gradient rule, alone under a loss, and whole networks: central differences
// against `differentiate`.
import { expect, test } from 'vitest';
import { ProgramBuilder } from '../../src/program/builder.js';
import type { OpName } from '../../src/program/ops/params.js';
import { opRules } from '../../src/program/ops/table.js';
import { elementCount } from '../../src/tensor/tensor.js';
import { emitChain, parametersOf, parseChain, resultOf } from '../conformance/chain.js';
import {
  axes,
  GradientCheck,
  type Outcome,
  randomDirection,
  type Subject,
} from './gradient-check.js';
import { graphs, reals, subject } from './subjects.js';

const trials = 20;
const tolerance = 1e-6;

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
