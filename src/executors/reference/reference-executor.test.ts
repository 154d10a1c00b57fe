// What is the reference's own; what every executor must do is tested in test/conformance.
import { expect, test } from 'vitest';
import { ShapeError, UnsupportedOpError } from '../../base/errors.js';
import { ProgramBuilder } from '../../program/builder.js';
import type { Program } from '../../program/types.js';
import { f32 } from '../../tensor/tensor.js';
import { createReferenceExecutor, type ReferenceOptions } from './reference-executor.js';

const type = { dtype: 'f32', shape: [3] } as const;
const options = { precision: 'fp32', exact: true } as const;
const scalars = { learningRate: 0, iteration: 0 };

/** slot s <- s + feed x, handed back as y. */
function accumulator(): Program {
  const builder = new ProgramBuilder();
  const network = builder.network('net');
  const y = builder.apply('add', {}, [builder.slot('s', type), builder.feed('x', type)]);
  builder.setNext('s', y, network);
  builder.output('y', y, network);
  return builder.finish();
}

const tiny = { ...type, data: Float64Array.of(1, 1 + 2 ** -40, 0.1) };

test.each<[ReferenceOptions, typeof Float32Array | typeof Float64Array]>([
  [{}, Float32Array],
  [{ state: 'f64' }, Float64Array],
])('outputs are float64, slots rest in the precision of %o', async (made, array) => {
  const executable = await createReferenceExecutor(made).compile({ main: accumulator() }, options);
  const { y } = await executable.run('main', { x: tiny }, scalars);
  expect(y).toEqual(tiny);
  expect(await executable.read('s')).toEqual({ ...type, data: array.from(tiny.data) });
});

test('profile: calls and times by op when asked, from zero after each look', async () => {
  const profiled = { ...options, profile: true };
  const executable = await createReferenceExecutor().compile({ main: accumulator() }, profiled);
  for (let run = 0; run < 3; run++) await executable.run('main', { x: f32([3]) }, scalars);
  const [row, ...others] = executable.profile();
  expect(row).toMatchObject({ op: 'add', calls: 3 });
  expect(row?.timeMs).toBeGreaterThan(0);
  expect(others).toEqual([]);
  expect(executable.profile()).toEqual([]);
});

test('footprint: state and the values alive at once, in float64 and whole cache lines', async () => {
  const executable = await createReferenceExecutor().compile({ main: accumulator() }, options);
  expect(executable.footprint).toEqual({ arenaBytes: 64, stateBytes: 24, scratchBytes: 0 });
});

test('bf16, and entries that disagree about a slot, are refused when compiling', async () => {
  const executor = createReferenceExecutor();
  const bf16 = { precision: 'bf16', exact: true } as const;
  await expect(executor.compile({ main: accumulator() }, bf16)).rejects.toThrow(UnsupportedOpError);
  const builder = new ProgramBuilder();
  const network = builder.network('net');
  const s = builder.slot('s', { dtype: 'f32', shape: [4] });
  builder.output('y', builder.apply('relu', {}, [s]), network);
  const entries = { main: accumulator(), other: builder.finish() };
  await expect(executor.compile(entries, options)).rejects.toThrow(ShapeError);
});

test('an array that does not fit its declared type is refused', async () => {
  const executable = await createReferenceExecutor().compile({ main: accumulator() }, options);
  const short = { ...type, data: new Float32Array(2) };
  await expect(executable.write('s', short)).rejects.toThrow(
    /slot s: f32\[3\] given as Float32Array of 2/,
  );
  const wrong = { ...type, data: new Int32Array(3) };
  await expect(executable.run('main', { x: wrong }, scalars)).rejects.toThrow(ShapeError);
});
