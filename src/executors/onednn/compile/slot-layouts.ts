// The layout of every slot of an executable: what the first convolution that reads it as weights
// chooses, else row-major. With bf16 activations the slots stay f32, in the layout of the gradients
// that the solver adds to them; the bf16 copy is a reorder a step.
import type { Node, Program, Slot, ValueId } from '../../../program/types.js';
import { elementCount, type TensorType } from '../../../tensor/tensor.js';
import type { Layout, OneDnnEngine, Primitive } from '../engine.js';
import type { LoweringOptions } from './entry-lowering.js';
import { weightDims } from './lower-convolution.js';

/** Slot name -> layout, over all entries; a velocity follows its weights (Slot.like). */
export function chooseSlotLayouts(
  engine: OneDnnEngine,
  programs: readonly Program[],
  options: LoweringOptions,
): ReadonlyMap<string, Layout> {
  const layouts = new Map<string, Layout>();
  for (const program of programs) {
    const slots = new Map(program.slots.map((slot) => [slot.value, slot]));
    for (const node of program.nodes) {
      if (node.op !== 'convolution') continue;
      const slot = slots.get(node.inputs[1] as ValueId);
      if (!slot || layouts.has(slot.name)) continue;
      const layout = chosenWeights(engine, program, node as Node<'convolution'>, options);
      if (layout) layouts.set(slot.name, layout);
    }
  }
  const slots = programs.flatMap((program) => program.slots);
  for (const slot of slots) {
    const followed = slot.like === undefined ? undefined : layouts.get(slot.like);
    if (followed && !layouts.has(slot.name)) layouts.set(slot.name, followed);
  }
  for (const slot of slots) {
    if (!layouts.has(slot.name)) layouts.set(slot.name, plainLayout(engine, slot));
  }
  return layouts;
}

function plainLayout(engine: OneDnnEngine, { shape, dtype }: Slot): Layout {
  // A scalar has no axes; oneDNN wants at least one.
  const dims = shape.length === 0 ? [elementCount(shape)] : shape;
  return engine.layout(dims, dtype === 'f32' ? 'f32' : dtype === 'i32' ? 's32' : 'u8', 'plain');
}

function chosenWeights(
  engine: OneDnnEngine,
  program: Program,
  { inputs, outputs, params }: Node<'convolution'>,
  { algorithm, activations }: LoweringOptions,
): Layout | undefined {
  const [x, w] = inputs.map((value) => program.values[value]) as [TensorType, TensorType];
  const y = program.values[outputs[0] as ValueId] as TensorType;
  const weights = weightDims(w.shape, params.groups);
  const problem = {
    src: engine.layout(x.shape, activations, 'any'),
    dst: engine.layout(y.shape, activations, 'any'),
    stride: params.stride,
    pads: params.pads,
    dilation: params.dilation,
    algorithm,
  };
  const forward = engine.convolution({
    ...problem,
    direction: 'forward',
    weights: engine.layout(weights, activations, 'any'),
  });
  if (activations === 'f32') return released([forward], forward.layout('weights'));
  const backward = engine.convolution({
    ...problem,
    direction: 'backwardWeights',
    weights: engine.layout(weights, 'f32', 'any'),
    hint: forward,
  });
  return released([backward, forward], backward.layout('diffWeights'));
}

function released(
  primitives: readonly Primitive[],
  layout: Layout | undefined,
): Layout | undefined {
  for (const primitive of primitives) primitive.release();
  return layout;
}
