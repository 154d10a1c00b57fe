// Clipping by the global norm.
import { type Kernel, reals } from './kernel.js';

/** See src/program/ops/clipping.ts. */
export const clipFactor: Kernel<'clip_factor'> = ({ params, inputs, outputs }) => {
  let squares = 0;
  for (const at of inputs.keys()) for (const value of reals(inputs, at)) squares += value ** 2;
  const norm = Math.sqrt(squares);
  reals(outputs, 0)[0] = norm > params.limit ? params.limit / norm : 1;
};

/** See src/program/ops/clipping.ts. */
export const scaleBy: Kernel<'scale_by'> = ({ inputs, outputs }) => {
  const factor = reals(inputs, 1)[0] as number;
  const y = reals(outputs, 0);
  reals(inputs, 0).forEach((value, at) => {
    y[at] = value * factor;
  });
};
