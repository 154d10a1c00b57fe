// Inner product and its two backward ops.
import { type Kernel, reals } from './kernel.js';

/** See src/program/ops/inner-product.ts. */
export const innerProduct: Kernel<'inner_product'> = ({ inputs, outputs }) => {
  const [x, w, b, y] = [reals(inputs, 0), reals(inputs, 1), reals(inputs, 2), reals(outputs, 0)];
  const o = b.length;
  const k = w.length / o;
  for (let at = 0; at < y.length; at++) {
    const out = at % o;
    const row = ((at - out) / o) * k;
    let sum = b[out] as number;
    for (let j = 0; j < k; j++) sum += (x[row + j] as number) * (w[out * k + j] as number);
    y[at] = sum;
  }
};

/** See src/program/ops/inner-product.ts. */
export const innerProductBackwardData: Kernel<'inner_product_backward_data'> = (call) => {
  const [dy, w, dx] = [reals(call.inputs, 0), reals(call.inputs, 1), reals(call.outputs, 0)];
  const o = call.inputs[1]?.shape[0] as number;
  const k = w.length / o;
  for (let at = 0; at < dy.length; at++) {
    const out = at % o;
    const row = ((at - out) / o) * k;
    const factor = dy[at] as number;
    for (let j = 0; j < k; j++) {
      dx[row + j] = (dx[row + j] as number) + factor * (w[out * k + j] as number);
    }
  }
};

/** See src/program/ops/inner-product.ts. */
export const innerProductBackwardWeights: Kernel<'inner_product_backward_weights'> = (call) => {
  const [x, dy] = [reals(call.inputs, 0), reals(call.inputs, 1)];
  const [dw, db] = [reals(call.outputs, 0), reals(call.outputs, 1)];
  const o = db.length;
  const k = dw.length / o;
  for (let at = 0; at < dy.length; at++) {
    const out = at % o;
    const row = ((at - out) / o) * k;
    const factor = dy[at] as number;
    for (let j = 0; j < k; j++) {
      dw[out * k + j] = (dw[out * k + j] as number) + factor * (x[row + j] as number);
    }
    db[out] = (db[out] as number) + factor;
  }
};
