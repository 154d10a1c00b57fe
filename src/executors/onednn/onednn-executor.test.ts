// What this executor's own rewrites could break, each against the reference: fusion, shared
// conversions, updates in place.
import { describe, expect, it } from 'vitest';
import { ExecutorMissingError } from '../../base/errors.js';
import { ProgramBuilder } from '../../program/builder.js';
import type { Program } from '../../program/types.js';
import { elementCount, type HostTensor, type Shape } from '../../tensor/tensor.js';
import type { Executor } from '../executor.js';
import { createReferenceExecutor } from '../reference/index.js';
import { createOnednnExecutor } from './index.js';
import { squareSliding, squareWindow } from '../../tensor/window.js';

const { executor, reason } = open();
const reference = createReferenceExecutor();
const geometry = { ...squareSliding({ pad: 1 }), groups: 1 };
const pool = squareWindow(3, 'ceil', { stride: 2 });

function open(): { executor: Executor | undefined; reason: string } {
  try {
    return { executor: createOnednnExecutor(), reason: '' };
  } catch (cause) {
    if (!(cause instanceof ExecutorMissingError)) throw cause;
    return { executor: undefined, reason: cause.message };
  }
}

/** Integers in [-3, 3] that depend on the name. */
function integers(name: string, shape: Shape): HostTensor {
  let state = [...name].reduce((hash, letter) => hash * 31 + letter.charCodeAt(0), 7);
  const data = Float32Array.from({ length: elementCount(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 10) % 7) - 3;
  });
  return { dtype: 'f32', shape, data };
}

/** Runs `program` once with integer slots and feeds; outputs and slots as numbers. */
async function run(
  on: Executor,
  program: Program,
  active?: readonly boolean[],
): Promise<Record<string, readonly number[]>> {
  const executable = await on.compile({ main: program }, { precision: 'fp32', exact: true });
  for (const slot of program.slots) {
    await executable.write(slot.name, integers(slot.name, slot.shape));
  }
  const feeds = Object.fromEntries(
    program.feeds.map(({ name, value }) => [
      name,
      integers(name, program.values[value]?.shape ?? []),
    ]),
  );
  const outputs = await executable.run('main', feeds, { learningRate: 0.5, iteration: 0 }, active);
  const tensors = Object.entries(outputs);
  for (const { name } of program.slots) tensors.push([`slot ${name}`, await executable.read(name)]);
  executable.dispose();
  return Object.fromEntries(
    tensors.map(([name, { data }]) => [name, Array.from(data, (value) => value + 0)]),
  );
}

async function expectSame(program: Program, active?: readonly boolean[]): Promise<void> {
  const found = await run(executor as Executor, program, active);
  expect(found).toEqual(await run(reference, program, active));
}

describe.skipIf(!executor)(`onednn executor ${reason}`, () => {
  const f32 = (...shape: number[]) => ({ dtype: 'f32', shape }) as const;

  it('leaves the sum before a ReLU alone when somebody else reads it', async () => {
    const builder = new ProgramBuilder();
    const network = builder.network('a');
    const x = builder.feed('x', f32(2, 8, 6, 6));
    const w = builder.slot('w', f32(16, 8, 3, 3));
    const y = builder.apply('convolution', geometry, [x, w, builder.slot('b', f32(16))]);
    const rectified = builder.apply('relu', {}, [y]);
    builder.output('both', builder.apply('add', {}, [rectified, y]), network);
    await expectSame(builder.finish());
  });

  it.each(['max_pool', 'lrn'] as const)(
    'refuses to hand out the opaque output of %s',
    async (op) => {
      const builder = new ProgramBuilder();
      const network = builder.network('a');
      const x = builder.feed('x', f32(2, 8, 6, 6));
      const params = { max_pool: pool, lrn: { size: 5, alpha: 1, beta: 0.75, k: 1 } };
      builder.output('kept', builder.emit(op, params[op], [x])[1] as number, network);
      await expect(run(executor as Executor, builder.finish())).rejects.toThrow(
        `onednn: output kept is an opaque result of ${op}`,
      );
    },
  );

  it('leaves the sum before a ReLU alone when it is an output', async () => {
    const builder = new ProgramBuilder();
    const network = builder.network('a');
    const x = builder.feed('x', f32(4, 12));
    const y = builder.apply('inner_product', {}, [
      x,
      builder.slot('w', f32(5, 12)),
      builder.slot('b', f32(5)),
    ]);
    builder.output('rectified', builder.apply('relu', {}, [y]), network);
    builder.output('sum', y, network);
    await expectSame(builder.finish());
  });

  it('rectifies an unpooled gradient by the tensor it is told, not by the one that was pooled', async () => {
    const builder = new ProgramBuilder();
    const network = builder.network('a');
    const x = builder.feed('x', f32(2, 8, 7, 7));
    const other = builder.feed('other', f32(2, 8, 7, 7));
    const dy = builder.feed('dy', f32(2, 8, 3, 3));
    const [, winners] = builder.emit('max_pool', pool, [x]);
    const dx = builder.apply('max_pool_backward', { ...pool, xShape: [2, 8, 7, 7] }, [
      dy,
      winners as number,
    ]);
    builder.output('dx', builder.apply('relu_backward', {}, [dx, other]), network);
    await expectSame(builder.finish());
  });

  it('shares a conversion between networks, whichever of them is active', async () => {
    const builder = new ProgramBuilder();
    const x = builder.feed('x', f32(2, 8, 6, 6));
    const [w, b] = [builder.slot('w', f32(8, 8, 3, 3)), builder.slot('b', f32(8))];
    const y = builder.apply('convolution', geometry, [x, w, b]);
    // Both networks read the blocked y row-major.
    for (const name of ['a', 'c']) {
      const network = builder.network(name);
      const head = [builder.slot(`${name}/w`, f32(4, 288)), builder.slot(`${name}/b`, f32(4))];
      builder.output(name, builder.apply('inner_product', {}, [y, ...head]), network);
    }
    const program = builder.finish();
    await expectSame(program);
    await expectSame(program, [true, false]);
    await expectSame(program, [false, true]);
  });

  it('hands out weights after their update, though a row-major copy of the old ones is at hand', async () => {
    const builder = new ProgramBuilder();
    const network = builder.network('a');
    const x = builder.feed('x', f32(2, 16, 5, 5));
    const w = builder.slot('w', f32(24, 16, 3, 3));
    const v = builder.slot('v', f32(24, 16, 3, 3), 'w');
    const y = builder.apply('convolution', geometry, [x, w, builder.slot('b', f32(24))]);
    const rowMajor = builder.feed('m', f32(24, 16, 3, 3));
    builder.output('old', builder.apply('multiply', {}, [rowMajor, w]), network);
    const [dw] = builder.emit(
      'convolution_backward_weights',
      { ...geometry, wShape: [24, 16, 3, 3] },
      [x, y],
    );
    const params = { lrMult: 1, momentum: 0.5, weightDecay: 0.25 };
    const [nextW, nextV] = builder.emit('sgd_update', params, [w, v, dw as number]);
    builder.setNext('w', nextW as number, network);
    builder.setNext('v', nextV as number, network);
    builder.output('new', nextW as number, network);
    await expectSame(builder.finish());
  });

  it('copies a next value that no update made', async () => {
    const builder = new ProgramBuilder();
    const network = builder.network('a');
    const slot = builder.slot('s', f32(3, 5));
    const x = builder.feed('x', f32(3, 5));
    builder.setNext('s', builder.apply('add', {}, [slot, x]), network);
    await expectSame(builder.finish());
  });

  it('keeps blocked layouts from layer to layer: the profile counts every reorder', async () => {
    const builder = new ProgramBuilder();
    const network = builder.network('a');
    const x = builder.feed('x', f32(2, 3, 12, 12));
    let y = x;
    for (const [index, channels] of [3, 16, 16].entries()) {
      const w = builder.slot(`w${index}`, f32(16, channels, 3, 3));
      y = builder.apply('convolution', geometry, [y, w, builder.slot(`b${index}`, f32(16))]);
      y = builder.apply('relu', {}, [y]);
      y = builder.apply('max_pool', pool, [y]);
    }
    builder.output('y', y, network);
    const program = builder.finish();
    const executable = await (executor as Executor).compile(
      { main: program },
      { precision: 'fp32', exact: true, profile: true },
    );
    await executable.run(
      'main',
      { x: integers('x', [2, 3, 12, 12]) },
      { learningRate: 0, iteration: 0 },
    );
    const calls = Object.fromEntries(executable.profile().map((row) => [row.op, row.calls]));
    // Three fused convolutions, no ReLU of its own, one reorder: the output to row-major.
    expect(calls).toEqual({ convolution: 3, max_pool: 3, reorder: 1, copy: 1 });
    expect(executable.profile()).toEqual([]);
    executable.dispose();
  });
});
