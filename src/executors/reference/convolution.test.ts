// The matrix form against the formula of the docstring, written as it stands there.
import { expect, test } from 'vitest';
import type { ConvolutionParams } from '../../program/ops/params.js';
import { convolution, convolutionBackwardData, convolutionBackwardWeights } from './convolution.js';
import { elements, numbered, tensor } from './tensors.cases.js';
import { squareSliding } from '../../tensor/window.js';

type Axes = [number, number, number, number];

interface Geometry {
  x: Axes;
  w: Axes;
  y: Axes;
  params: ConvolutionParams;
}

const cases: [string, Geometry][] = [
  ['plain', { x: [2, 3, 5, 6], w: [4, 3, 3, 3], y: [2, 4, 3, 4], params: params(1, 0, 1) }],
  ['padded', { x: [1, 2, 5, 4], w: [5, 2, 3, 3], y: [1, 5, 5, 4], params: params(1, 1, 1) }],
  ['stride 2', { x: [2, 1, 8, 7], w: [3, 1, 3, 3], y: [2, 3, 4, 4], params: params(2, 1, 1) }],
  ['groups', { x: [2, 6, 4, 4], w: [9, 2, 2, 2], y: [2, 9, 3, 3], params: params(1, 0, 3) }],
  [
    'every axis of its own',
    {
      x: [1, 2, 7, 9],
      w: [3, 2, 2, 3],
      y: [1, 3, 4, 3],
      params: { stride: [2, 3], pads: [2, 0, 1, 1], dilation: [3, 2], groups: 1 },
    },
  ],
  ['3x1 kernel', { x: [1, 2, 6, 3], w: [2, 2, 3, 1], y: [1, 2, 4, 3], params: params(1, 0, 1) }],
];

function params(stride: number, pad: number, groups: number): ConvolutionParams {
  return { ...squareSliding({ stride, pad }), groups };
}

/** Calls `visit` with the flat indices into y, x and w of every product of the definition. */
function everyProduct(
  { x, w, y, params: p }: Geometry,
  visit: (yAt: number, xAt: number, wAt: number) => void,
): void {
  for (const [n, o, oh, ow] of indices(y)) {
    for (const [, i, r, s] of indices([1, w[1], w[2], w[3]])) {
      const row = oh * p.stride[0] + r * p.dilation[0] - p.pads[0];
      const column = ow * p.stride[1] + s * p.dilation[1] - p.pads[1];
      if (row < 0 || row >= x[2] || column < 0 || column >= x[3]) continue;
      const c = Math.floor(o / (w[0] / p.groups)) * w[1] + i;
      visit(at(y, [n, o, oh, ow]), at(x, [n, c, row, column]), at(w, [o, i, r, s]));
    }
  }
}

function indices([n, c, h, w]: Axes): Axes[] {
  return Array.from({ length: n * c * h * w }, (_, flat) => [
    Math.floor(flat / (c * h * w)),
    Math.floor(flat / (h * w)) % c,
    Math.floor(flat / w) % h,
    flat % w,
  ]);
}

function at(shape: Axes, index: Axes): number {
  return index.reduce((flat, position, axis) => flat * (shape[axis] as number) + position, 0);
}

const scalars = { learningRate: 0, iteration: 0 };

test.each(cases)('convolution: %s', (_, geometry) => {
  const [x, w] = [numbered(geometry.x, 7), numbered(geometry.w, 5)];
  const b = numbered([geometry.w[0]], 3);
  const y = tensor(geometry.y);
  convolution({ params: geometry.params, inputs: [x, w, b], outputs: [y], scalars });
  const expected = tensor(geometry.y);
  const plane = geometry.y[2] * geometry.y[3];
  expected.data.forEach((_, index) => {
    expected.data[index] = elements(b)[Math.floor(index / plane) % geometry.y[1]] as number;
  });
  everyProduct(geometry, (yAt, xAt, wAt) => {
    expected.data[yAt]! += elements(x)[xAt]! * elements(w)[wAt]!;
  });
  expect(elements(y)).toEqual(elements(expected));
});

test.each(cases)('convolution backward: %s', (_, geometry) => {
  const { params } = geometry;
  const [x, w] = [numbered(geometry.x, 7), numbered(geometry.w, 5)];
  const dy = numbered(geometry.y, 11);
  const [dx, dw, db] = [tensor(geometry.x), tensor(geometry.w), tensor([geometry.w[0]])];
  const shapes = { xShape: geometry.x, wShape: geometry.w };
  convolutionBackwardData({
    params: { ...params, ...shapes },
    inputs: [dy, w],
    outputs: [dx],
    scalars,
  });
  convolutionBackwardWeights({
    params: { ...params, ...shapes },
    inputs: [x, dy],
    outputs: [dw, db],
    scalars,
  });
  const [wantedX, wantedW, wantedB] = [tensor(geometry.x), tensor(geometry.w), tensor(db.shape)];
  everyProduct(geometry, (yAt, xAt, wAt) => {
    wantedX.data[xAt]! += elements(dy)[yAt]! * elements(w)[wAt]!;
    wantedW.data[wAt]! += elements(dy)[yAt]! * elements(x)[xAt]!;
  });
  const plane = geometry.y[2] * geometry.y[3];
  elements(dy).forEach((value, index) => {
    wantedB.data[Math.floor(index / plane) % geometry.y[1]]! += value;
  });
  expect(elements(dx)).toEqual(elements(wantedX));
  expect(elements(dw)).toEqual(elements(wantedW));
  expect(elements(db)).toEqual(elements(wantedB));
});
