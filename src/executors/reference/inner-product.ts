// Inner product and its two backward ops.
import { type Kernel, reals } from './kernel.js';
import { addProduct, transpose } from './matrix.js';

/** See src/program/ops/inner-product.ts. */
export const innerProduct: Kernel<'inner_product'> = ({ inputs, outputs }) => {
  const [x, w, y] = [reals(inputs, 0), reals(inputs, 1), reals(outputs, 0)];
  const outs = inputs[1]?.shape[0] as number;
  if (inputs.length > 2) {
    const b = reals(inputs, 2);
    for (let at = 0; at < y.length; at++) y[at] = b[at % outs] as number;
  }
  addProduct(x, w, y, w.length / outs);
};

/** See src/program/ops/inner-product.ts. */
export const innerProductBackwardData: Kernel<'inner_product_backward_data'> = (call) => {
  const [dy, w, dx] = [reals(call.inputs, 0), reals(call.inputs, 1), reals(call.outputs, 0)];
  const outputs = call.inputs[1]?.shape[0] as number;
  addProduct(dy, transpose(w, w.length / outputs), dx, outputs);
};

/** See src/program/ops/inner-product.ts. */
export const innerProductBackwardWeights: Kernel<'inner_product_backward_weights'> = (call) => {
  const [x, dy] = [reals(call.inputs, 0), reals(call.inputs, 1)];
  const dw = reals(call.outputs, 0);
  const outs = call.params.wShape[0] as number;
  const rows = dy.length / outs;
  addProduct(transpose(dy, outs), transpose(x, x.length / rows), dw, rows);
  if (call.params.hasBias === false) return;
  const db = reals(call.outputs, 1);
  for (let at = 0; at < dy.length; at++) {
    const out = at % outs;
    db[out] = (db[out] as number) + (dy[at] as number);
  }
};
