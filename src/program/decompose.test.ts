import { expect, test } from 'vitest';
import { ProgramBuilder } from './builder.js';
import { decompose, type Decompositions } from './decompose.js';
import type { Program, ValueId } from './types.js';
import { verify } from './verify.js';

const f32 = (...shape: number[]) => ({ dtype: 'f32', shape }) as const;
const exact = { lrMult: 0, weightDecay: 0, momentum: -1 };

// a + b = a - (-b), for finite numbers: a rule for tests, with an op of two outputs.
const rules: Decompositions = {
  add: (emitter, { inputs: [a, b] }) =>
    emitter.emit('sgd_update', exact, [a as ValueId, b as ValueId, b as ValueId]).slice(0, 1),
};

/** Two networks on one shared relu(x + s); the second also counts in its slot. */
function made(): Program {
  const builder = new ProgramBuilder();
  const [first, second] = [builder.network('first'), builder.network('second')];
  const [x, s] = [builder.feed('x', f32(2, 3)), builder.slot('s', f32(2, 3))];
  const sum = builder.apply('add', {}, [x, s]);
  builder.output('rectified', builder.apply('relu', {}, [sum]), first);
  builder.output('squared', builder.apply('multiply', {}, [sum, sum]), second);
  builder.setNext('s', builder.apply('add', {}, [s, sum]), second);
  return builder.finish();
}

test('a program that lacks nothing is left as it is', () => {
  const program = made();
  expect(decompose(program, new Set())).toBe(program);
  expect(decompose(program, new Set(['lrn']))).toBe(program);
  // No rule: it stays, for the executor to refuse.
  expect(decompose(program, new Set(['multiply']))).toBe(program);
});

test('an op is replaced by others; feeds, slots and owners stay', () => {
  const program = made();
  const found = decompose(program, new Set(['relu', 'add']), { ...rules, relu: undefined! });
  expect(found.nodes.map(({ op }) => op).sort()).toEqual(
    ['multiply', 'relu', 'sgd_update', 'sgd_update'].sort(),
  );
  expect(found.feeds).toEqual(program.feeds);
  expect(found.slots.map(({ value }) => value)).toEqual(program.slots.map(({ value }) => value));
  const updates = found.nodes.filter(({ op }) => op === 'sgd_update');
  expect(updates.map(({ owners }) => owners)).toEqual([[0, 1], [1]]);
  // The slot's next value and the outputs are what the new nodes make.
  expect(found.slots[0]?.next).toBe(updates[1]?.outputs[0]);
  const relu = found.nodes.find(({ op }) => op === 'relu');
  expect(relu?.inputs).toEqual([updates[0]?.outputs[0]]);
  verify(found);
});

test('the update of a slot still comes after its last reader', () => {
  const builder = new ProgramBuilder();
  const network = builder.network('a');
  const [x, s] = [builder.feed('x', f32(4)), builder.slot('s', f32(4))];
  const sum = builder.apply('add', {}, [s, x]);
  builder.output('y', builder.apply('multiply', {}, [s, x]), network);
  builder.setNext('s', builder.apply('relu', {}, [sum]), network);
  const program = builder.finish();
  expect(program.nodes.map(({ op }) => op)).toEqual(['add', 'multiply', 'relu']);
  // The relu goes: the sum itself becomes the slot's next value.
  const found = decompose(program, new Set(['relu']), { relu: (_, { inputs }) => inputs });
  expect(found.nodes.map(({ op }) => op)).toEqual(['multiply', 'add']);
});

test('what a rule emits is replaced in turn, and a circle of rules ends', () => {
  const circle: Decompositions = {
    relu: (emitter, { inputs: [x] }) => emitter.emit('multiply', {}, [x!, x!]),
    multiply: (emitter, { inputs: [a, b] }) =>
      emitter.emit('relu', {}, [emitter.emit('add', {}, [a!, b!])[0]!]),
  };
  const ops = (lacking: ReadonlySet<'relu' | 'multiply' | 'add'>): string[] =>
    decompose(made(), lacking, { ...rules, ...circle }).nodes.map(({ op }) => op);
  expect(ops(new Set(['relu', 'add']))).not.toContain('relu');
  expect(ops(new Set(['relu', 'add']))).not.toContain('add');
  expect(ops(new Set(['relu', 'multiply']))).toContain('relu');
});

test('a rule that gives another type is refused', () => {
  const wrong: Decompositions = {
    relu: (emitter, { inputs: [x] }) =>
      emitter.emit('inner_product_backward_weights', { wShape: [3, 3] }, [x!, x!]).slice(0, 1),
  };
  expect(() => decompose(made(), new Set(['relu']), wrong)).toThrow(
    'internal: the rule of relu gives f32[3,3], wanted f32[2,3]',
  );
});
