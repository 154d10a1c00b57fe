// Which ReLU is computed inside the op before it, and which of its backward ops with it.
import type { Node, ValueId } from '../../../program/types.js';
import type { EntryLowering } from './entry-lowering.js';

/** The ReLU that alone reads `node`'s result, if there is one: its output takes the place of the
 *  result. */
export function fusedRelu(
  lowering: EntryLowering,
  node: Node<'convolution' | 'inner_product' | 'batch_norm' | 'batch_norm_inference'>,
): Node<'relu'> | undefined {
  const y = node.outputs[0] as ValueId;
  const readers = lowering.readersOf(y);
  const [only] = readers;
  if (readers.length !== 1 || only?.op !== 'relu' || lowering.leaves(y)) return undefined;
  return only as Node<'relu'>;
}

/** As {@link fusedRelu}, for a batch norm over minibatch statistics: its own backward op then also
 *  does the ReLU's, so nothing else may read what that gives. */
export function fusedReluBothWays(
  lowering: EntryLowering,
  node: Node<'batch_norm'>,
): Node<'relu'> | undefined {
  const relu = fusedRelu(lowering, node);
  if (relu === undefined) return undefined;
  const y = relu.outputs[0] as ValueId;
  const isDoneWith = (reader: Node): boolean => {
    if (reader.op !== 'relu_backward' || reader.inputs[1] !== y) return true;
    const dx = reader.outputs[0] as ValueId;
    const readers = lowering.readersOf(dx);
    const [only] = readers;
    if (readers.length !== 1 || only === undefined || lowering.leaves(dx)) return false;
    const [, dy, mean] = only.inputs;
    return only.op === 'batch_norm_backward' && dy === dx && mean === node.outputs[1];
  };
  return lowering.readersOf(y).every(isDoneWith) ? relu : undefined;
}
