// Convolution and its two backward ops as matrix products over patches (im2col), one image and one
// group at a time.
import type { ConvolutionParams } from '../../program/ops/params.js';
import { axes4, type Kernel, reals } from './kernel.js';
import { addProduct, transpose } from './matrix.js';

type Axes = readonly [number, number, number, number];

/** Sizes of one group of one image: `outputs` x `depth` weights on `depth` x `positions`
 *  patches. */
interface Slice {
  readonly outputs: number;
  readonly depth: number;
  readonly positions: number;
  /** Of the group's weights, the image's channels of the group, and its outputs of the group: first
   *  element and end. */
  readonly w: readonly [number, number];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

function* slices(
  groups: number,
  [n, c, h, w]: Axes,
  [o, i, kh, kw]: Axes,
  [, , oh, ow]: Axes,
): Generator<Slice> {
  const outputs = o / groups;
  const depth = i * kh * kw;
  const positions = oh * ow;
  const range = (index: number, size: number): [number, number] => [
    index * size,
    index * size + size,
  ];
  for (let image = 0; image < n; image++) {
    for (let group = 0; group < groups; group++) {
      yield {
        outputs,
        depth,
        positions,
        w: range(group, outputs * depth),
        x: range(image * groups + group, (c / groups) * h * w),
        y: range(image * groups + group, outputs * positions),
      };
    }
  }
}

/** Calls `visit(row, position, cell)` for each kernel tap `row` = (i,r,s) and output position (p,q)
 *  whose cell of x lies inside the image. */
function forEachTap(
  { stride, pads, dilation }: ConvolutionParams,
  [, , h, w]: Axes,
  [, i, kh, kw]: Axes,
  [, , oh, ow]: Axes,
  visit: (row: number, position: number, cell: number) => void,
): void {
  for (let row = 0; row < i * kh * kw; row++) {
    const s = row % kw;
    const r = Math.floor(row / kw) % kh;
    const channel = Math.floor(row / (kw * kh));
    for (let p = 0; p < oh; p++) {
      const y = p * stride[0] + r * dilation[0] - pads[0];
      if (y < 0 || y >= h) continue;
      for (let q = 0; q < ow; q++) {
        const x = q * stride[1] + s * dilation[1] - pads[1];
        if (x >= 0 && x < w) visit(row, p * ow + q, (channel * h + y) * w + x);
      }
    }
  }
}

/** See src/program/ops/convolution.ts. */
export const convolution: Kernel<'convolution'> = ({ params, inputs, outputs }) => {
  const [x, w, y] = [reals(inputs, 0), reals(inputs, 1), reals(outputs, 0)];
  const axes = [axes4(inputs, 0), axes4(inputs, 1), axes4(outputs, 0)] as const;
  for (const slice of slices(params.groups, ...axes)) {
    const image = x.subarray(...slice.x);
    const patches = new Float64Array(slice.positions * slice.depth);
    forEachTap(params, ...axes, (row, position, cell) => {
      patches[position * slice.depth + row] = image[cell] as number;
    });
    addProduct(w.subarray(...slice.w), patches, y.subarray(...slice.y), slice.depth);
  }
  if (inputs.length === 2) return;
  const b = reals(inputs, 2);
  const positions = axes[2][2] * axes[2][3];
  for (let at = 0; at < y.length; at++) {
    y[at] = (y[at] as number) + (b[Math.floor(at / positions) % b.length] as number);
  }
};

/** See src/program/ops/convolution.ts. */
export const convolutionBackwardData: Kernel<'convolution_backward_data'> = (call) => {
  const { params, inputs, outputs } = call;
  const [dy, w, dx] = [reals(inputs, 0), reals(inputs, 1), reals(outputs, 0)];
  const axes = [axes4(outputs, 0), axes4(inputs, 1), axes4(inputs, 0)] as const;
  for (const slice of slices(params.groups, ...axes)) {
    const image = dx.subarray(...slice.x);
    const patches = new Float64Array(slice.depth * slice.positions);
    const weights = transpose(w.subarray(...slice.w), slice.depth);
    const gradients = transpose(dy.subarray(...slice.y), slice.positions);
    addProduct(weights, gradients, patches, slice.outputs);
    forEachTap(params, ...axes, (row, position, cell) => {
      image[cell] = (image[cell] as number) + (patches[row * slice.positions + position] as number);
    });
  }
};

/** See src/program/ops/convolution.ts. */
export const convolutionBackwardWeights: Kernel<'convolution_backward_weights'> = (call) => {
  const { params, inputs, outputs } = call;
  const [x, dy] = [reals(inputs, 0), reals(inputs, 1)];
  const dw = reals(outputs, 0);
  const axes = [axes4(inputs, 0), axes4(outputs, 0), axes4(inputs, 1)] as const;
  for (const slice of slices(params.groups, ...axes)) {
    const image = x.subarray(...slice.x);
    const patches = new Float64Array(slice.depth * slice.positions);
    forEachTap(params, ...axes, (row, position, cell) => {
      patches[row * slice.positions + position] = image[cell] as number;
    });
    addProduct(dy.subarray(...slice.y), patches, dw.subarray(...slice.w), slice.positions);
  }
  if (params.hasBias === false) return;
  const db = reals(outputs, 1);
  const positions = axes[2][2] * axes[2][3];
  for (let at = 0; at < dy.length; at++) {
    const out = Math.floor(at / positions) % db.length;
    db[out] = (db[out] as number) + (dy[at] as number);
  }
};
