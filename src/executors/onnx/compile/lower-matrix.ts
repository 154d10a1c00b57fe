// Products of matrices: inner products with their backward ops, matmul; and softmax.
import { elementCount } from '../../../tensor/tensor.js';
import type { Graph, Name } from './graph.js';
import type { Lowering } from './lowering.js';

/** See src/program/ops/inner-product.ts: Gemm. */
export const lowerInnerProduct: Lowering<'inner_product'> = (site) => {
  const { graph, inputs } = site;
  const columns = site.shape(1)[1] as number;
  const rows = graph.reshape(site.input(0), [site.shape(0)[0] as number, columns]);
  return [graph.apply('Gemm', [rows, ...inputs.slice(1)], { transB: { int: 1 } })];
};

/** See src/program/ops/inner-product.ts: MatMul. */
export const lowerInnerProductBackwardData: Lowering<'inner_product_backward_data'> = (site) => {
  const { graph, params } = site;
  return [graph.reshape(graph.apply('MatMul', site.inputs), params.xShape)];
};

/** See src/program/ops/inner-product.ts: Gemm, and a sum over the rows. */
export const lowerInnerProductBackwardWeights: Lowering<'inner_product_backward_weights'> = (
  site,
) => {
  const { graph, params } = site;
  const dy = site.input(1);
  const [outputs, columns] = params.wShape as readonly [number, number];
  const rows = graph.reshape(site.input(0), [site.shape(1)[0] as number, columns]);
  const dw = graph.apply('Gemm', [dy, rows], { transA: { int: 1 } });
  if (params.hasBias === false) return [dw];
  return [dw, graph.reshape(graph.reduce('ReduceSum', dy, [0]), [outputs])];
};

/** See src/program/ops/matmul.ts: MatMul. */
export const lowerMatmul: Lowering<'matmul'> = (site) => {
  const { transposeA = false, transposeB = false } = site.params;
  const upright = [transposeA, transposeB].map((isTurned, at) =>
    isTurned ? turned(site.graph, site.input(at), site.shape(at).length) : site.input(at),
  );
  return [site.graph.apply('MatMul', upright)];
};

function turned(graph: Graph, value: Name, rank: number): Name {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return graph.transpose(value, [...axes.slice(0, -2), ...axes.slice(-2).reverse()]);
}

/** See src/program/ops/softmax.ts: Softmax. */
export const lowerSoftmax: Lowering<'softmax'> = ({ graph, inputs }) => [
  graph.apply('Softmax', inputs, { axis: { int: -1 } }),
];

/** See src/program/ops/softmax.ts. */
export const lowerSoftmaxBackward: Lowering<'softmax_backward'> = (site) => {
  const { graph } = site;
  const [dy, y] = [site.input(0), site.input(1)];
  const common = graph.reduce('ReduceSum', graph.mul(dy, y), [site.shape(0).length - 1]);
  return [graph.mul(y, graph.sub(dy, common))];
};

/** See src/program/ops/clipping.ts. */
export const lowerClipFactor: Lowering<'clip_factor'> = (site) => {
  const { graph, params } = site;
  const squares = site.inputs.map((input, at) => {
    const flat = graph.reshape(input, [elementCount(site.shape(at))]);
    return graph.reduce('ReduceSumSquare', flat, [0]);
  });
  const sum = squares.reduce((total, square) => graph.add(total, square));
  const norm = graph.apply('Sqrt', [sum]);
  const limit = graph.float(params.limit);
  const isLarger = graph.apply('Greater', [norm, limit]);
  return [graph.where(isLarger, graph.div(limit, norm), graph.float(1))];
};

/** See src/program/ops/clipping.ts. */
export const lowerScaleBy: Lowering<'scale_by'> = ({ graph, inputs }) => [
  graph.apply('Mul', inputs),
];
