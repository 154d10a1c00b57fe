// Lists of tensors, which exporters write for torch.chunk and torch.split if they do not optimise:
// a SplitToSequence, and a SequenceAt for each part. As one Split they are known.
import { elementCount } from '../../../../tensor/tensor.js';
import type { Known, Node } from '../graph.js';
import { Reading } from '../reading.js';
import { Refusal } from '../refusal.js';
import { axisOf } from '../sizes.js';

/** A node without lists: a SplitToSequence as a Split, a SequenceAt as the part that it names.
 *  @throws Refusal if it cannot be known which */
export function withoutSequences(node: Node, opset: number, known: Known): Node {
  if (node.domain !== '') return node;
  const reading = new Reading(node, opset, known);
  if (node.op === 'SplitToSequence') return split(node, reading);
  if (node.op !== 'SequenceAt') return node;
  const place = reading.numbers(1)[0] ?? 0;
  if (place < 0) throw new Refusal('counts a list of tensors from its end');
  return { ...node, op: 'Identity', inputs: [partOf(reading.input(0), place)] };
}

function split(node: Node, reading: Reading): Node {
  const dims = reading.dims(0);
  const axis = axisOf(reading.number('axis', 0), dims.length);
  const size = dims[axis] as number;
  const written = reading.constant(1);
  if (written === null || reading.number('keepdims', 1) !== 1) {
    throw new Refusal('makes a list of tensors of sizes that are not known');
  }
  const [each = size] = written.numbers();
  const sizes =
    written.dims.length > 0
      ? [...written.numbers()]
      : Array.from({ length: Math.ceil(size / each) }, (_, index) =>
          Math.min(each, size - index * each),
        );
  if (elementCount(dims) === 0) throw new Refusal('splits nothing');
  return {
    ...node,
    op: 'Split',
    inputs: [reading.input(0)],
    outputs: sizes.map((_, index) => partOf(node.outputs[0] ?? '', index)),
    attributes: new Map([['axis', axis], ['split', sizes] as const] as readonly (readonly [
      string,
      number | number[],
    ])[]),
  };
}

function partOf(list: string, index: number): string {
  return `${list}[${index}]`;
}
