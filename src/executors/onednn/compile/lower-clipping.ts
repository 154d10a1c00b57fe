// Clipping by the global norm: the factor on the host (an addition an element, 1-2 % of a step),
// the scaling as a product with one number.
import type { Node, ValueId } from '../../../program/types.js';
import { elementCount } from '../../../tensor/tensor.js';
import type { Layout } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';
import { FixedCalls, piecesOf } from './updating.js';

/** min(1, limit / norm) of all inputs, summed in float64. */
export function lowerClipFactor(lowering: EntryLowering, node: Node<'clip_factor'>): void {
  const inputs = node.inputs.map((value) => denseInput(lowering, value, node));
  const output = node.outputs[0] as ValueId;
  const factor = lowering.define(output, lowering.plain(output));
  lowering.add({
    kind: node.op,
    node,
    reads: inputs,
    writes: [factor],
    overwrites: [],
    scratchBytes: 0,
    bind: (places) => {
      const views = inputs.map(places.float32);
      const target = places.float32(factor);
      const { limit } = node.params;
      return () => {
        const norm = Math.sqrt(views.reduce((sum, view) => sum + squares(view), 0));
        target[0] = norm > limit ? limit / norm : 1;
      };
    },
  });
}

// A sum does not mind the order of elements, only padding between them.
function denseInput(lowering: EntryLowering, value: ValueId, node: Node): number {
  const layout = lowering.layoutOf(value, node);
  return isDense(layout)
    ? lowering.home(value, node)
    : lowering.input(value, lowering.plain(value), node);
}

function isDense({ type, sizeBytes, dims }: Layout): boolean {
  return type === 'f32' && sizeBytes === 4 * elementCount(dims);
}

// Four sums at a time: one would wait for itself at every addition.
function squares(values: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const end = values.length - (values.length % 4);
  for (let at = 0; at < end; at += 4) {
    a += (values[at] as number) ** 2;
    b += (values[at + 1] as number) ** 2;
    c += (values[at + 2] as number) ** 2;
    d += (values[at + 3] as number) ** 2;
  }
  for (let at = end; at < values.length; at++) a += (values[at] as number) ** 2;
  return a + b + (c + d);
}

/** x times a number in memory, in the layout of x, over it where it dies. */
export function lowerScaleBy(lowering: EntryLowering, node: Node<'scale_by'>): void {
  const [x, factor] = node.inputs as [ValueId, ValueId];
  const layout = lowering.layoutOf(x, node);
  const from = lowering.home(x, node);
  const number = lowering.home(factor, node);
  const to = lowering.define(node.outputs[0] as ValueId, layout);
  lowering.add({
    kind: node.op,
    node,
    reads: [from, number],
    writes: [to],
    overwrites: [[to, from]],
    scratchBytes: 0,
    bind: (places) => {
      const calls = new FixedCalls(lowering.engine, places);
      for (const { flat: data, at } of piecesOf(lowering.engine, layout.sizeBytes / 4, places)) {
        calls.chain(
          { algorithm: 'multiply', data, src1: 'one', steps: [] },
          { src: at(from), src1: places.address(number), dst: at(to) },
        );
      }
      return () => calls.run();
    },
  });
}
