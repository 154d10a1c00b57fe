// Which ReLU is computed inside the convolution or inner product before it.
import type { Node, ValueId } from '../../../program/types.js';
import type { EntryLowering } from './entry-lowering.js';

/** The ReLU that alone reads `node`'s result, if there is one: its output takes the place of the
 *  result. */
export function fusedRelu(
  lowering: EntryLowering,
  node: Node<'convolution' | 'inner_product'>,
): Node<'relu'> | undefined {
  const y = node.outputs[0] as ValueId;
  const readers = lowering.readersOf(y);
  const [only] = readers;
  if (readers.length !== 1 || only?.op !== 'relu' || lowering.leaves(y)) return undefined;
  return only as Node<'relu'>;
}
