import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProgramBuilder } from './builder.js';
import { differentiate } from './differentiate.js';
import { planMemory } from './memory-plan.js';
import type { Program } from './types.js';
import { verify } from './verify.js';

const f32 = (...shape: number[]) => ({ dtype: 'f32' as const, shape });
const labels = { dtype: 'i32' as const, shape: [2] };
const SGD = { lrMult: 1, momentum: 0.9, weightDecay: 0 };

/** A gang of perceptrons of `depth` inner products on one input; the first `frozen[i]` of network i
 *  are shared and frozen. */
function gang(depth: number, frozen: readonly number[]): Program {
  const b = new ProgramBuilder();
  frozen.forEach((shared, index) => {
    const network = b.network(`net${index}`);
    let x = b.feed('x', f32(2, 4));
    const trainable: string[] = [];
    for (let layer = 0; layer < depth; layer++) {
      const owner = layer < shared ? 'base' : `net${index}`;
      const w = b.slot(`${owner}/w${layer}`, f32(4, 4));
      const bias = b.slot(`${owner}/b${layer}`, f32(4));
      if (layer >= shared) trainable.push(`${owner}/w${layer}`);
      x = b.apply('relu', {}, [b.apply('inner_product', {}, [x, w, bias])]);
    }
    const loss = b.apply('softmax_cross_entropy', {}, [x, b.feed('labels', labels)]);
    b.output(`loss${index}`, loss, network);
    const weights = trainable.map((name) => b.slot(name, f32(4, 4)));
    differentiate(b, loss, weights).forEach((gradient, i) => {
      const name = trainable[i] as string;
      const v = b.slot(`${name}/velocity`, f32(4, 4), name);
      const [w2, v2] = b.emit('sgd_update', SGD, [weights[i] as number, v, gradient as number]);
      b.setNext(name, w2 as number, network);
      b.setNext(`${name}/velocity`, v2 as number, network);
    });
  });
  return b.finish();
}

const count = (program: Program, op: string): number =>
  program.nodes.filter((node) => node.op === op).length;

describe('builder', () => {
  test('a gang has prefix + m x suffix forward nodes', () => {
    expect(count(gang(3, [2]), 'inner_product')).toBe(3);
    expect(count(gang(3, [2, 2, 2]), 'inner_product')).toBe(2 + 3);
    expect(count(gang(3, [1, 2, 3]), 'inner_product')).toBe(3 + (2 + 1));
  });

  test('nodes know the networks that need them', () => {
    const program = gang(3, [1, 2]);
    const owners = program.nodes.filter((node) => node.op === 'inner_product').map((n) => n.owners);
    expect(owners).toEqual([[0, 1], [0], [0], [1], [1]]);
  });

  test('nothing is propagated below the lowest trainable layer', () => {
    expect(count(gang(4, [4]), 'softmax_cross_entropy_backward')).toBe(0);
    expect(count(gang(4, [3]), 'inner_product_backward_data')).toBe(0);
    expect(count(gang(4, [2]), 'inner_product_backward_data')).toBe(1);
    expect(count(gang(4, [0]), 'inner_product_backward_data')).toBe(3);
  });

  test('unneeded nodes are dropped', () => {
    const b = new ProgramBuilder();
    const network = b.network('net');
    const x = b.feed('x', f32(2, 3));
    b.apply('add', {}, [x, x]);
    b.output('y', b.apply('relu', {}, [x]), network);
    expect(b.finish().nodes.map((node) => node.op)).toEqual(['relu']);
  });

  test('an update comes right after the last reader of the old value', () => {
    const ops = gang(2, [0]).nodes.map((node) => node.op);
    const lastUpdate = ops.lastIndexOf('sgd_update');
    const firstUpdate = ops.indexOf('sgd_update');
    expect(ops[firstUpdate - 1]).toBe('inner_product_backward_data');
    expect(lastUpdate).toBe(ops.length - 1);
  });

  test('conflicting types of one feed are refused', () => {
    const b = new ProgramBuilder();
    b.feed('x', f32(2, 3));
    expect(() => b.feed('x', f32(2, 4))).toThrow('feed x is f32[2,3], wanted f32[2,4]');
  });
});

describe('differentiate', () => {
  test('gradients of a value read twice are added', () => {
    const b = new ProgramBuilder();
    const network = b.network('net');
    const x = b.slot('x', f32(2, 3));
    const loss = b.apply('softmax_cross_entropy', {}, [
      b.apply('multiply', {}, [x, b.apply('relu', {}, [x])]),
      b.feed('labels', labels),
    ]);
    const [gradient] = differentiate(b, loss, [x]);
    b.output('dx', gradient as number, network);
    expect(b.finish().nodes.at(-1)?.op).toBe('add');
  });

  test('a parameter that the loss does not depend on has none', () => {
    const b = new ProgramBuilder();
    const other = b.slot('other', f32(1));
    const logits = b.slot('logits', f32(2, 3));
    const loss = b.apply('softmax_cross_entropy', {}, [logits, b.feed('labels', labels)]);
    expect(differentiate(b, loss, [other, logits])[0]).toBeNull();
  });
});

describe('verify', () => {
  test('refuses a read of a slot after its update', () => {
    const program = gang(1, [0]);
    const update = program.nodes.find((node) => node.op === 'sgd_update');
    const first = program.nodes.find((node) => node.op === 'inner_product');
    if (!update || !first) throw new Error('nodes not found');
    const nodes = [...program.nodes.filter((node) => node !== update)];
    const bad = { ...program, nodes: [update, ...nodes] };
    expect(() => verify(bad)).toThrow('before it is written');
    const late = { ...first, outputs: [program.values.length], inputs: first.inputs };
    const values = [...program.values, f32(2, 4)];
    expect(() => verify({ ...program, values, nodes: [...program.nodes, late] })).toThrow(
      'after its slot was updated',
    );
  });
});

describe('memory plan', () => {
  const bytesOf = (program: Program) => (value: number) =>
    (program.values[value]?.shape ?? []).reduce((a, b) => a * b, 4);

  test('values alive at the same time never share bytes (random gangs)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }),
        (depth, frozen) => {
          const program = gang(
            depth,
            frozen.map((n) => Math.min(n, depth)),
          );
          const bytes = bytesOf(program);
          const plan = planMemory(program, { bytesOf: bytes });
          const lives = livesOf(program);
          for (const [a, lifeA] of lives) {
            for (const [b, lifeB] of lives) {
              if (a >= b || lifeA[1] < lifeB[0] || lifeB[1] < lifeA[0]) continue;
              const [atA, atB] = [plan.offsets.get(a), plan.offsets.get(b)];
              if (atA === undefined || atB === undefined) continue;
              expect(atA + bytes(a) <= atB || atB + bytes(b) <= atA).toBe(true);
            }
          }
          expect(plan.arenaBytes).toBeLessThanOrEqual(1.25 * plan.peakLiveBytes);
        },
      ),
      { seed: 7 },
    );
  });

  test('an output may take the place of an input that dies', () => {
    const b = new ProgramBuilder();
    const network = b.network('net');
    const x = b.apply('add', {}, [b.feed('x', f32(64)), b.feed('x', f32(64))]);
    const y = b.apply('relu', {}, [x]);
    const z = b.apply('add', {}, [x, y]);
    b.output('z', z, network);
    const program = b.finish();
    const plan = planMemory(program, {
      bytesOf: bytesOf(program),
      overwrites: (node) => [[node.outputs[0] as number, node.inputs[0] as number]],
    });
    expect(plan.offsets.get(y)).not.toBe(plan.offsets.get(x));
    expect(plan.offsets.get(z)).toBe(plan.offsets.get(x));
    expect(plan.arenaBytes).toBe(2 * 256);
  });
});

/** First and last node position of each value that a node makes. */
function livesOf(program: Program): Map<number, [number, number]> {
  const lives = new Map<number, [number, number]>();
  program.nodes.forEach((node, position) => {
    node.inputs.forEach((value) => {
      const life = lives.get(value);
      if (life) life[1] = position;
    });
    node.outputs.forEach((value) => lives.set(value, [position, position]));
  });
  program.outputs.forEach(({ value }) => {
    const life = lives.get(value);
    if (life) life[1] = program.nodes.length;
  });
  return lives;
}
