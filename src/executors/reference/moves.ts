// Concatenation, slices, pads, reshapes and transpositions: copies from one place to another.
import type { SliceParams } from '../../program/ops/params.js';
import type { HostTensor, Shape } from '../../tensor/tensor.js';
import { eachElement, stridesOf } from './elements.js';
import { type Kernel, reals } from './kernel.js';

function shapeOf(tensors: readonly HostTensor[]): Shape {
  return (tensors[0] as HostTensor).shape;
}

/** See src/program/ops/concat.ts. */
export const concat: Kernel<'concat'> = ({ params: { axis }, inputs, outputs }) => {
  const y = reals(outputs, 0);
  const strides = stridesOf(shapeOf(outputs));
  let offset = 0;
  inputs.forEach(({ shape }, which) => {
    const x = reals(inputs, which);
    eachElement(shape, strides, offset, (at, there) => {
      y[there] = x[at] as number;
    });
    offset += (shape[axis] as number) * (strides[axis] as number);
  });
};

// Calls `visit` with each element's place in the slice and in the whole tensor.
function eachSliced(
  part: Shape,
  whole: Shape,
  { starts, steps }: SliceParams,
  visit: (at: number, there: number) => void,
): void {
  const strides = stridesOf(whole);
  const offset = starts.reduce((sum, start, axis) => sum + start * (strides[axis] as number), 0);
  const stepped = strides.map((stride, axis) => stride * (steps[axis] as number));
  eachElement(part, stepped, offset, visit);
}

/** See src/program/ops/slice.ts. */
export const slice: Kernel<'slice'> = ({ params, inputs, outputs }) => {
  const [x, y] = [reals(inputs, 0), reals(outputs, 0)];
  eachSliced(shapeOf(outputs), shapeOf(inputs), params, (at, there) => {
    y[at] = x[there] as number;
  });
};

/** See src/program/ops/slice.ts. */
export const sliceBackward: Kernel<'slice_backward'> = ({ params, inputs, outputs }) => {
  const [dy, dx] = [reals(inputs, 0), reals(outputs, 0)];
  eachSliced(shapeOf(inputs), shapeOf(outputs), params, (at, there) => {
    dx[there] = dy[at] as number;
  });
};

/** See src/program/ops/pad.ts. */
export const pad: Kernel<'pad'> = ({ params: { pads, value }, inputs, outputs }) => {
  const [x, y] = [reals(inputs, 0), reals(outputs, 0)];
  const strides = stridesOf(shapeOf(outputs));
  const offset = strides.reduce((sum, stride, axis) => sum + stride * (pads[axis] as number), 0);
  y.fill(value);
  eachElement(shapeOf(inputs), strides, offset, (at, there) => {
    y[there] = x[at] as number;
  });
};

/** See src/program/ops/views.ts. */
export const reshape: Kernel<'reshape'> = ({ inputs, outputs }) => {
  reals(outputs, 0).set(reals(inputs, 0));
};

/** See src/program/ops/views.ts. */
export const transpose: Kernel<'transpose'> = ({ params: { axes }, inputs, outputs }) => {
  const [x, y] = [reals(inputs, 0), reals(outputs, 0)];
  const strides = stridesOf(shapeOf(inputs));
  const permuted = axes.map((axis) => strides[axis] as number);
  eachElement(shapeOf(outputs), permuted, 0, (at, there) => {
    y[at] = x[there] as number;
  });
};
