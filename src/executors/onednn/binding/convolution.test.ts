// Direct convolutions on small integers must be exact in every direction: finds wrong indices,
// padding, groups and layouts.
import { squareSliding } from '../../../tensor/window.js';
import { describe, expect, it } from 'vitest';
import type { OneDnnEngine } from '../engine.js';
import { openOrSkip } from '../open-or-skip.cases.js';
import { integers, runOnHost } from './run-on-host.cases.js';

const { engine, reason } = openOrSkip();

interface Case {
  readonly n: number;
  readonly c: number;
  readonly size: number;
  readonly o: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
  readonly groups: number;
}

const cases: readonly Case[] = [
  { n: 2, c: 3, size: 9, o: 8, kernel: 5, stride: 1, pad: 2, groups: 1 },
  { n: 2, c: 1, size: 8, o: 16, kernel: 3, stride: 1, pad: 1, groups: 1 },
  { n: 1, c: 3, size: 23, o: 16, kernel: 11, stride: 4, pad: 0, groups: 1 },
  { n: 2, c: 32, size: 6, o: 48, kernel: 3, stride: 1, pad: 1, groups: 2 },
  { n: 2, c: 5, size: 7, o: 6, kernel: 3, stride: 2, pad: 1, groups: 1 },
];

describe.skipIf(!engine)(`oneDNN convolution ${reason}`, () => {
  it.each(cases)('is exact on integers: %o', (shape) => {
    const { got, wanted } = bothWays(engine as OneDnnEngine, shape);
    expect(got).toEqual(wanted);
  });
});

function bothWays(dnnl: OneDnnEngine, p: Case): { got: object; wanted: object } {
  const out = Math.floor((p.size + 2 * p.pad - p.kernel) / p.stride) + 1;
  const i = p.c / p.groups;
  const x = integers(p.n * p.c * p.size ** 2, 4, 1);
  const w = integers(p.o * i * p.kernel ** 2, 4, 2);
  const b = integers(p.o, 4, 3);
  const dy = integers(p.n * p.o * out ** 2, 4, 4);
  const any = (...dims: number[]) => dnnl.layout(dims, 'f32', 'any');
  const shared = {
    src: any(p.n, p.c, p.size, p.size),
    weights:
      p.groups > 1
        ? any(p.groups, p.o / p.groups, i, p.kernel, p.kernel)
        : any(p.o, i, p.kernel, p.kernel),
    dst: any(p.n, p.o, out, out),
    ...squareSliding(p),
    algorithm: 'direct',
  } as const;
  const bias = dnnl.layout([p.o], 'f32', 'plain');
  const forward = dnnl.convolution({ direction: 'forward', ...shared, bias });
  const fused = dnnl.convolution({ direction: 'forward', ...shared, bias, relu: true });
  const data = dnnl.convolution({ direction: 'backwardData', ...shared, hint: forward });
  const weights = dnnl.convolution({
    direction: 'backwardWeights',
    ...shared,
    bias,
    hint: forward,
  });
  const operands = { src: x, weights: w, bias: b };
  const got = {
    y: runOnHost(dnnl, forward, operands, ['dst'])['dst'],
    rectified: runOnHost(dnnl, fused, operands, ['dst'])['dst'],
    dx: runOnHost(dnnl, data, { diffDst: dy, weights: w }, ['diffSrc'])['diffSrc'],
    ...runOnHost(dnnl, weights, { src: x, diffDst: dy }, ['diffWeights', 'diffBias']),
  };
  return { got, wanted: naive(p, out, x, w, b, dy) };
}

function naive(p: Case, out: number, x: number[], w: number[], b: number[], dy: number[]): object {
  const i = p.c / p.groups;
  const y = new Array<number>(p.n * p.o * out * out).fill(0);
  const dx = x.map(() => 0);
  const diffWeights = w.map(() => 0);
  const diffBias = b.map(() => 0);
  forEachProduct(p, out, i, (xAt, wAt, yAt) => {
    y[yAt] = at(y, yAt) + at(x, xAt) * at(w, wAt);
    dx[xAt] = at(dx, xAt) + at(dy, yAt) * at(w, wAt);
    diffWeights[wAt] = at(diffWeights, wAt) + at(dy, yAt) * at(x, xAt);
  });
  y.forEach((value, index) => {
    const o = Math.floor(index / (out * out)) % p.o;
    y[index] = value + at(b, o);
    diffBias[o] = at(diffBias, o) + at(dy, index);
  });
  return { y, rectified: y.map((value) => Math.max(value, 0)), dx, diffWeights, diffBias };
}

function at(array: readonly number[], index: number): number {
  return array[index] as number;
}

function forEachProduct(
  p: Case,
  out: number,
  i: number,
  visit: (xAt: number, wAt: number, yAt: number) => void,
): void {
  const k = p.kernel;
  for (let index = 0; index < p.n * p.o * out * out * i * k * k; index++) {
    let rest = index;
    const next = (size: number): number => {
      const digit = rest % size;
      rest = Math.floor(rest / size);
      return digit;
    };
    const [s, r, ci, q, py, o, n] = [k, k, i, out, out, p.o, p.n].map(next) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const h = py * p.stride + r - p.pad;
    const width = q * p.stride + s - p.pad;
    if (h < 0 || h >= p.size || width < 0 || width >= p.size) continue;
    const c = Math.floor(o / (p.o / p.groups)) * i + ci;
    visit(
      ((n * p.c + c) * p.size + h) * p.size + width,
      ((o * i + ci) * k + r) * k + s,
      ((n * p.o + o) * out + py) * out + q,
    );
  }
}
