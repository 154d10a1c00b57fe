// Inner product and its two backward ops.
import { type Kernel, reals } from './kernel.js';
import { addProduct, transpose } from './matrix.js';

/** See src/program/ops/inner-product.ts. */
export const innerProduct: Kernel<'inner_product'> = ({ inputs, outputs }) => {
  const [x, w, b, y] = [reals(inputs, 0), reals(inputs, 1), reals(inputs, 2), reals(outputs, 0)];
  for (let at = 0; at < y.length; at++) y[at] = b[at % b.length] as number;
  addProduct(x, w, y, w.length / b.length);
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
  const [dw, db] = [reals(call.outputs, 0), reals(call.outputs, 1)];
  const rows = dy.length / db.length;
  addProduct(transpose(dy, db.length), transpose(x, x.length / rows), dw, rows);
  for (let at = 0; at < dy.length; at++) {
    const out = at % db.length;
    db[out] = (db[out] as number) + (dy[at] as number);
  }
};
