// Layer normalisation over the last axis, and its backward op.
import { type Kernel, reals } from './kernel.js';

/** See src/program/ops/layer-norm.ts. */
export const layerNorm: Kernel<'layer_norm'> = ({ params: { epsilon }, inputs, outputs }) => {
  const x = reals(inputs, 0);
  const [y, means, variances] = [reals(outputs, 0), reals(outputs, 1), reals(outputs, 2)];
  const [scale, shift] = inputs.length > 1 ? [reals(inputs, 1), reals(inputs, 2)] : [];
  const size = x.length / means.length;
  means.forEach((_, row) => {
    const values = x.subarray(row * size, (row + 1) * size);
    const mean = values.reduce((sum, value) => sum + value, 0) / size;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
    [means[row], variances[row]] = [mean, variance];
    values.forEach((value, c) => {
      const normal = (value - mean) / Math.sqrt(variance + epsilon);
      y[row * size + c] = normal * (scale?.[c] ?? 1) + (shift?.[c] ?? 0);
    });
  });
};

/** See src/program/ops/layer-norm.ts. */
export const layerNormBackward: Kernel<'layer_norm_backward'> = ({ params, inputs, outputs }) => {
  const [dy, x, means, variances] = [0, 1, 2, 3].map((at) => reals(inputs, at)) as [
    ...[Float64Array, Float64Array, Float64Array, Float64Array],
  ];
  const dx = reals(outputs, 0);
  const [scale, dscale, dshift] =
    inputs.length > 4 ? [reals(inputs, 4), reals(outputs, 1), reals(outputs, 2)] : [];
  const size = x.length / means.length;
  means.forEach((mean, row) => {
    const from = row * size;
    const deviation = Math.sqrt((variances[row] as number) + params.epsilon);
    const normals = x.subarray(from, from + size).map((value) => (value - mean) / deviation);
    const slopes = dy.subarray(from, from + size);
    const scaled = slopes.map((slope, c) => slope * (scale?.[c] ?? 1));
    const average = scaled.reduce((sum, value) => sum + value, 0) / size;
    const along = scaled.reduce((sum, value, c) => sum + value * (normals[c] as number), 0) / size;
    normals.forEach((normal, c) => {
      dx[from + c] = ((scaled[c] as number) - average - normal * along) / deviation;
      if (!dscale || !dshift) return;
      dscale[c] = (dscale[c] as number) + (slopes[c] as number) * normal;
      dshift[c] = (dshift[c] as number) + (slopes[c] as number);
    });
  });
};
