import { expect, test } from 'vitest';
import { ProgramBuilder } from './builder.js';
import { differentiate } from './differentiate.js';
import { nodeFlops, programFlops } from './flops.js';
import type { Program } from './types.js';
import { squareSliding } from '../tensor/window.js';

const f32 = (...shape: number[]) => ({ dtype: 'f32', shape }) as const;

/** x [2,4,5,5] -> convolution of 6 outputs, kernel 3, pad 1, 2 groups -> inner product of 3 ->
 *  loss. */
function made(stride: number, trained: readonly string[]) {
  const builder = new ProgramBuilder();
  const network = builder.network('a');
  const x = builder.feed('x', f32(2, 4, 5, 5));
  const labels = builder.feed('labels', { dtype: 'i32', shape: [2] });
  const slot = (name: string, ...shape: number[]) => builder.slot(name, f32(...shape));
  const [w, b] = [slot('w', 6, 2, 3, 3), slot('b', 6)];
  const y = builder.apply('convolution', { ...squareSliding({ stride, pad: 1 }), groups: 2 }, [
    x,
    w,
    b,
  ]);
  const columns = builder
    .typeOf(y)
    .shape.slice(1)
    .reduce((a, c) => a * c, 1);
  const [v, d] = [slot('v', 3, columns), slot('d', 3)];
  const logits = builder.apply('inner_product', {}, [y, v, d]);
  const loss = builder.apply('softmax_cross_entropy', {}, [logits, labels]);
  builder.output('loss', loss, network);
  const ids = { w, b, v, d };
  const values = trained.map((name) => ids[name as keyof typeof ids]);
  const gradients = differentiate(builder, loss, values);
  gradients.forEach((gradient, i) => builder.output(`g${i}`, gradient as number, network));
  return { program: builder.finish(), columns };
}

/** Multiply-adds of the convolution's forward pass, its (position, tap) pairs along one axis
 *  counted one by one. */
function counted(stride: number): number {
  let pairs = 0;
  const outputs = Math.floor((5 + 2 - 3) / stride) + 1;
  for (let p = 0; p < outputs; p++) {
    for (let r = 0; r < 3; r++) {
      const row = p * stride + r - 1;
      if (row >= 0 && row < 5) pairs += 1;
    }
  }
  return pairs * pairs * 2 * 6 * 2;
}

test.each([1, 2])('stride %i: taps in the padding do not count', (stride) => {
  const { program, columns } = made(stride, []);
  expect(programFlops(program, [true])).toBe(2 * counted(stride) + 2 * 2 * 3 * columns);
  expect(programFlops(program, [false])).toBe(0);
});

test('backward passes count as they are run', () => {
  const inner = 2 * 2 * 3 * made(1, []).columns;
  const flops = (trained: string[]) => programFlops(made(1, trained).program, [true]);
  // Only the inner product learns: its gradient by weights.
  expect(flops(['v', 'd'])).toBe(2 * counted(1) + 2 * inner);
  // All learn: gradients by both weights, and by the inner product's input; none by x.
  expect(flops(['w', 'b', 'v', 'd'])).toBe(2 * 2 * counted(1) + 3 * inner);
});

/** FLOPs of the convolution's three ops with F(tile x tile, 3 x 3): tiles are counted one by
 *  one. */
function winograd(program: Program, tile: number): Record<string, number> {
  const counts = program.nodes.map(
    (node) => [node.op, nodeFlops(program, node, { tile })] as const,
  );
  return Object.fromEntries(counts.filter(([op]) => op.startsWith('convolution')));
}

test('Winograd counts the products of its tiles, those over the edge too', () => {
  const builder = new ProgramBuilder();
  const network = builder.network('a');
  const shape = f32(2, 4, 7, 10); // x; no padding: y is [2,6,5,8]
  const [x, w, b] = [builder.slot('x', shape), builder.slot('w', f32(6, 4, 3, 3)), f32(6)];
  const params = { ...squareSliding(), groups: 1 };
  const y = builder.apply('convolution', params, [x, w, builder.slot('b', b)]);
  const backward = { ...params, wShape: [6, 4, 3, 3] as const, xShape: shape.shape };
  const dx = builder.apply('convolution_backward_data', backward, [y, w]);
  const [dw] = builder.emit('convolution_backward_weights', backward, [x, y]);
  [y, dx, dw as number].forEach((value, i) => builder.output(`o${i}`, value, network));
  const program = builder.finish();
  const tiles = (height: number, width: number, tile: number): number => {
    let count = 0;
    for (let top = 0; top < height; top += tile) {
      for (let left = 0; left < width; left += tile) count += 1;
    }
    return count;
  };
  const flops = (height: number, width: number, tile: number): number =>
    2 * (2 * 6 * 4) * tiles(height, width, tile) * (tile + 2) * (tile + 2);
  for (const tile of [2, 4]) {
    expect(winograd(program, tile)).toEqual({
      convolution: flops(5, 8, tile),
      convolution_backward_data: flops(7, 10, tile),
      convolution_backward_weights: flops(5, 8, tile),
    });
  }
});
