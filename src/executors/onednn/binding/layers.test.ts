// Inner product, pooling, LRN and the element-wise primitives against naive computations.
import { describe, expect, it } from 'vitest';
import type { Layout, OneDnnEngine } from '../engine.js';
import { NativeMemory } from '../native-memory.js';
import { openOrSkip } from '../open-or-skip.cases.js';
import { integers, type Kept, runOnHost } from './run-on-host.cases.js';
import { squareSliding } from '../../../tensor/window.js';

const found = openOrSkip();
const dnnl = found.engine as OneDnnEngine;
const at = (array: readonly number[], index: number): number => array[index] as number;

/** The layout that convolutions leave behind. */
function blocked(n: number, c: number, size: number): Layout {
  const any = dnnl.layout([n, c, size, size], 'f32', 'any');
  const pointwise = dnnl.convolution({
    direction: 'forward',
    src: any,
    weights: dnnl.layout([c, c, 1, 1], 'f32', 'any'),
    dst: any,
    ...squareSliding(),
    algorithm: 'direct',
  });
  return pointwise.layout('dst') as Layout;
}

describe.skipIf(!found.engine)(`oneDNN layers ${found.reason}`, () => {
  it('inner product is exact on integers in every direction', () => {
    const [n, k, o] = [3, 20, 7];
    const x = integers(n * k, 4, 1);
    const w = integers(o * k, 4, 2);
    const b = integers(o, 4, 3);
    const dy = integers(n * o, 4, 4);
    const plain = (...dims: number[]) => dnnl.layout(dims, 'f32', 'plain');
    const shared = { src: plain(n, k), weights: plain(o, k), dst: plain(n, o) };
    const forward = dnnl.innerProduct({ direction: 'forward', ...shared, bias: plain(o) });
    const data = dnnl.innerProduct({ direction: 'backwardData', ...shared, hint: forward });
    const weights = dnnl.innerProduct({
      direction: 'backwardWeights',
      ...shared,
      bias: plain(o),
      hint: forward,
    });
    const sum = (count: number, term: (i: number) => number): number =>
      Array.from({ length: count }, (_, i) => term(i)).reduce((a, c) => a + c, 0);
    const grid = (rows: number, columns: number, value: (r: number, c: number) => number) =>
      Array.from({ length: rows * columns }, (_, i) => value(Math.floor(i / columns), i % columns));
    expect(runOnHost(dnnl, forward, { src: x, weights: w, bias: b }, ['dst'])['dst']).toEqual(
      grid(n, o, (r, c) => at(b, c) + sum(k, (i) => at(x, r * k + i) * at(w, c * k + i))),
    );
    expect(runOnHost(dnnl, data, { diffDst: dy, weights: w }, ['diffSrc'])['diffSrc']).toEqual(
      grid(n, k, (r, c) => sum(o, (i) => at(dy, r * o + i) * at(w, i * k + c))),
    );
    const gradients = runOnHost(dnnl, weights, { src: x, diffDst: dy }, [
      'diffWeights',
      'diffBias',
    ]);
    expect(gradients['diffWeights']).toEqual(
      grid(o, k, (r, c) => sum(n, (i) => at(dy, i * o + r) * at(x, i * k + c))),
    );
    expect(gradients['diffBias']).toEqual(grid(1, o, (_, c) => sum(n, (i) => at(dy, i * o + c))));
  });

  it.each([
    { size: 7, kernel: 3, stride: 2, pad: 0 },
    { size: 8, kernel: 3, stride: 2, pad: 0 }, // ceil mode: the last window hangs over
    { size: 6, kernel: 3, stride: 2, pad: 1 },
  ])('max pooling keeps the first winner: %o', ({ size, kernel, stride, pad }) => {
    const planes = 2 * 8;
    const out = Math.ceil((size + 2 * pad - kernel) / stride) + 1;
    const end = (out - 1) * stride + kernel - size - pad;
    const x = integers(planes * size * size, 3, 5);
    const dy = integers(planes * out * out, 4, 6);
    const geometry = {
      kernel: [kernel, kernel],
      stride: [stride, stride],
      pads: [pad, pad, end, end],
      dilation: [1, 1],
    } as const;
    const src = dnnl.layout([2, 8, size, size], 'f32', 'plain');
    const dst = dnnl.layout([2, 8, out, out], 'f32', 'any');
    const forward = dnnl.pooling({
      direction: 'forward',
      keepsWorkspace: true,
      src,
      dst,
      ...geometry,
    });
    const backward = dnnl.pooling({
      direction: 'backwardData',
      src,
      dst: forward.layout('dst') ?? dst,
      ...geometry,
      hint: forward,
    });
    const kept: Kept = {};
    const y = runOnHost(dnnl, forward, { src: x }, ['dst'], kept)['dst'];
    const { workspace } = kept;
    const dx = runOnHost(dnnl, backward, { diffDst: dy }, ['diffSrc'], {
      workspace: workspace as NativeMemory,
    })['diffSrc'];
    const wantedY: number[] = [];
    const wantedDx = x.map(() => 0);
    for (let cell = 0; cell < planes * out * out; cell++) {
      const [plane, row, column] = [
        Math.floor(cell / (out * out)),
        Math.floor(cell / out) % out,
        cell % out,
      ] as const;
      let winner = -1;
      for (let r = 0; r < kernel; r++) {
        for (let s = 0; s < kernel; s++) {
          const h = row * stride + r - pad;
          const w = column * stride + s - pad;
          if (h < 0 || w < 0 || h >= size || w >= size) continue;
          const index = (plane * size + h) * size + w;
          if (winner < 0 || at(x, index) > at(x, winner)) winner = index;
        }
      }
      wantedY.push(at(x, winner));
      wantedDx[winner] = at(wantedDx, winner) + at(dy, cell);
    }
    expect(y).toEqual(wantedY);
    expect(dx).toEqual(wantedDx);
  });

  it('lrn divides alpha by the window size, forward and backward', () => {
    const [n, c, hw] = [2, 16, 9];
    const numbers = { size: 5, alpha: 0.5, beta: 0.75, k: 2 };
    const x = integers(n * c * hw, 8, 7).map((v) => v / 4);
    const dy = integers(n * c * hw, 8, 8).map((v) => v / 4);
    const src = blocked(n, c, 3);
    const forward = dnnl.lrn({ direction: 'forward', keepsWorkspace: true, src, ...numbers });
    const backward = dnnl.lrn({ direction: 'backwardData', src, ...numbers, hint: forward });
    const kept: Kept = {};
    const y = runOnHost(dnnl, forward, { src: x }, ['dst'], kept)['dst'] as number[];
    const dx = runOnHost(dnnl, backward, { src: x, diffDst: dy }, ['diffSrc'], {
      ...(kept.workspace && { workspace: kept.workspace }),
    })['diffSrc'] as number[];
    const near = (channel: number) =>
      [-2, -1, 0, 1, 2].map((d) => channel + d).filter((j) => j >= 0 && j < c);
    for (let index = 0; index < x.length; index++) {
      const channel = Math.floor(index / hw) % c;
      const other = (j: number): number => index + (j - channel) * hw;
      const scale = (j: number): number =>
        numbers.k + (numbers.alpha / 5) * near(j).reduce((s, i) => s + at(x, other(i)) ** 2, 0);
      expect(at(y, index)).toBeCloseTo(at(x, index) * scale(channel) ** -0.75, 4);
      const crossed = near(channel).reduce(
        (s, j) => s + at(dy, other(j)) * at(x, other(j)) * scale(j) ** -1.75,
        0,
      );
      const direct = at(dy, index) * scale(channel) ** -0.75;
      const wanted = direct - ((2 * 0.5 * 0.75) / 5) * at(x, index) * crossed;
      expect(at(dx, index)).toBeCloseTo(wanted, 4);
    }
  });

  it('relu, binary, sum in place and reorder', () => {
    const layout = dnnl.layout([4, 10], 'f32', 'plain');
    const [a, b, c] = [1, 2, 3].map((seed) => integers(40, 8, seed)) as [
      number[],
      number[],
      number[],
    ];
    const relu = dnnl.relu(layout);
    expect(runOnHost(dnnl, relu, { src: a }, ['dst'])['dst']).toEqual(a.map((v) => Math.max(v, 0)));
    const back = dnnl.reluBackward(layout, layout, relu);
    const y = a.map((v) => Math.max(v, 0));
    expect(runOnHost(dnnl, back, { dst: y, diffDst: b }, ['diffSrc'])['diffSrc']).toEqual(
      y.map((v, i) => (v > 0 ? at(b, i) : 0)),
    );
    for (const [kind, wanted] of [
      ['add', a.map((v, i) => v + at(b, i))],
      ['multiply', a.map((v, i) => v * at(b, i) + 0)],
    ] as const) {
      const primitive = dnnl.binary(kind, layout, layout, layout);
      expect(runOnHost(dnnl, primitive, { src: a, src1: b }, ['dst'])['dst']).toEqual(wanted);
    }
    const shared = new NativeMemory(160);
    const update = dnnl.sum([2, 1, -4], [layout, layout, layout], layout);
    const inputs = { input0: a, input1: b, input2: c };
    const summed = runOnHost(dnnl, update, inputs, ['dst'], { input0: shared, dst: shared });
    expect(summed['dst']).toEqual(a.map((v, i) => 2 * v + at(b, i) - 4 * at(c, i)));
  });

  it('a reorder moves every element to its place in another layout', () => {
    const x = integers(2 * 16 * 3 * 3, 9, 5);
    const reorder = dnnl.reorder(dnnl.layout([2, 16, 3, 3], 'f32', 'plain'), blocked(2, 16, 3));
    expect(runOnHost(dnnl, reorder, { src: x }, ['dst'])['dst']).toEqual(x);
  });
});
