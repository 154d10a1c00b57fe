// One entry's program as steps over buffers, with what leaves it.
import { UnsupportedOpError } from '../../../base/errors.js';
import type { OpName } from '../../../program/ops/params.js';
import type { Node, Program, ValueId } from '../../../program/types.js';
import type { TensorType } from '../../../tensor/tensor.js';
import type { Layout, OneDnnEngine, Primitive } from '../engine.js';
import { EntryLowering, type LoweringOptions } from './entry-lowering.js';
import type { Buffer, BufferId, Step } from './step.js';
import { type Lowering, lowerings } from './table.js';

/** An output of the program in a row-major buffer. */
export interface LoweredOutput {
  readonly name: string;
  readonly type: TensorType;
  readonly buffer: BufferId;
  readonly owners: ReadonlySet<number>;
}

/** A program whose layouts are chosen. */
export interface LoweredProgram {
  readonly program: Program;
  readonly buffers: readonly Buffer[];
  readonly steps: readonly Step[];
  readonly outputs: readonly LoweredOutput[];
  readonly primitives: readonly Primitive[];
}

/** @throws UnsupportedOpError for what oneDNN or this executor cannot do. */
export function lowerProgram(
  engine: OneDnnEngine,
  program: Program,
  slotLayouts: ReadonlyMap<string, Layout>,
  options: LoweringOptions,
): LoweredProgram {
  const lowering = new EntryLowering(engine, program, slotLayouts, options);
  for (const node of program.nodes) lowerNode(lowering, node);
  const producers = producersOf(program);
  addSlotCopies(lowering, producers);
  const outputs = program.outputs.map(({ name, value }) => {
    const node = producers.get(value) ?? boundary(program);
    if (isOpaque(node, value)) {
      throw new UnsupportedOpError(
        `onednn: output ${name} is the opaque second result of ${node.op}`,
      );
    }
    const buffer = lowering.input(value, lowering.plain(value), node);
    return { name, type: lowering.typeOf(value), buffer, owners: new Set(node.owners) };
  });
  const { buffers, steps, primitives } = lowering;
  return { program, buffers, steps, outputs, primitives };
}

function lowerNode<K extends OpName>(lowering: EntryLowering, node: Node<K>): void {
  const lower: Lowering<K> = lowerings[node.op];
  lower(lowering, node);
}

// Next values that no update wrote into their slot already.
function addSlotCopies(lowering: EntryLowering, producers: ReadonlyMap<ValueId, Node>): void {
  for (const { value, next } of lowering.program.slots) {
    if (next === undefined || next === value) continue;
    const node = producers.get(next) ?? boundary(lowering.program);
    const slot = lowering.home(value, node);
    if (lowering.home(next, node) === slot) continue;
    const { layout } = lowering.buffers[slot] as Buffer;
    const src = lowering.input(next, layout, node);
    const primitive = lowering.keep(lowering.engine.reorder(layout, layout));
    lowering.run('copy', node, primitive, { reads: { src }, writes: { dst: slot } });
  }
}

function producersOf(program: Program): ReadonlyMap<ValueId, Node> {
  return new Map(
    program.nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)),
  );
}

// Stands for the producer of feeds and slots: needed by every network.
function boundary(program: Program): Node {
  const owners = program.networks.map((_, network) => network);
  return { op: 'add', params: {}, inputs: [], outputs: [], owners };
}

function isOpaque(node: Node, value: ValueId): boolean {
  return (node.op === 'max_pool' || node.op === 'lrn') && node.outputs[1] === value;
}
