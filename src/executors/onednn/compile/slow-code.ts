// oneDNN falls back to reference code, a hundred times slower than its kernels, without a word.
import { UnsupportedOpError } from '../../../base/errors.js';
import { nodeFlops } from '../../../program/flops.js';
import type { OpName } from '../../../program/ops/params.js';
import type { Node, Program } from '../../../program/types.js';
import { elementCount, formatType, type TensorType } from '../../../tensor/tensor.js';

/** Multiplications of one op in reference code that are put up with: a tenth of a second. It was
 *  seen to do 17 million a second (a depthwise 5x5 gradient, 75 million, took 4.4 s). */
const TOLERATED = 2e6;

const MULTIPLICATIONS_A_SECOND = 17e6;

// Max pooling and LRN are not here: where they are slow they have always been.
const watched: ReadonlySet<OpName> = new Set<OpName>([
  'convolution',
  'convolution_backward_data',
  'convolution_backward_weights',
  'batch_norm',
  'batch_norm_backward',
  'batch_norm_inference',
  'batch_norm_inference_backward',
  'average_pool',
  'average_pool_backward',
  'mean',
  'mean_backward',
]);

/** Refuses an op that would run in reference code and is too large for it.
 *  @param implementation oneDNN's name of it, e.g. "ref:any"
 *  @throws UnsupportedOpError naming op, shapes and what to do */
export function refuseSlowCode(
  program: Pick<Program, 'values'>,
  node: Node,
  implementation: string,
): void {
  if (!implementation.startsWith('ref') || !watched.has(node.op)) return;
  const multiplications = multiplicationsOf(program, node);
  if (multiplications <= TOLERATED) return;
  const types = node.inputs.map((value) => formatType(program.values[value] as TensorType));
  const seconds = (multiplications / MULTIPLICATIONS_A_SECOND).toFixed(1);
  throw new UnsupportedOpError(
    `onednn: ${node.op} ${JSON.stringify(node.params)} on ${types.join(', ')} has only reference code here (${implementation}), about ${seconds} s a step`,
    {
      hint: 'Choose another kernel size, number of channels or groups, or precision: fp32; or another version of oneDNN (SELFFER_ONEDNN names its file).',
      data: { op: node.op, implementation, multiplications },
    },
  );
}

// Of convolutions all taps; of the others one an element and tap of the larger side.
function multiplicationsOf(program: Pick<Program, 'values'>, node: Node): number {
  const flops = nodeFlops(program, node, 'direct');
  if (flops > 0) return flops / 2;
  const sizes = [...node.inputs, ...node.outputs].map((value) =>
    elementCount(program.values[value]?.shape ?? []),
  );
  const { kernel = [1, 1], stride = [1, 1] } = node.params as {
    kernel?: readonly number[];
    stride?: readonly number[];
  };
  return (Math.max(...sizes) * elementCount(kernel)) / elementCount(stride);
}

/** Whether an implementation is neither generated for its shape nor meant to be fast. */
export function isFallback(implementation: string): boolean {
  return /gemm|^ref/.test(implementation);
}
