// One entry's program as steps over buffers, with what leaves it.
import { assert, UnsupportedOpError } from '../../../base/errors.js';
import type { OpName } from '../../../program/ops/params.js';
import { opRules } from '../../../program/ops/table.js';
import type { Node, Program, ValueId } from '../../../program/types.js';
import type { TensorType } from '../../../tensor/tensor.js';
import { isUnsupported, type Unsupported } from '../../support.js';
import type { Layout, OneDnnEngine, Primitive } from '../engine.js';
import { EntryLowering, type LoweringOptions } from './entry-lowering.js';
import type { Lowering, LoweringTable } from './lowering.js';
import type { Buffer, BufferId, Step } from './step.js';

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

/** @param table has all ops of the program (supportedPrograms has seen to it)
 *  @throws UnsupportedOpError for what oneDNN or this executor cannot do; no primitive is left
 *  then */
export function lowerProgram(
  engine: OneDnnEngine,
  program: Program,
  slotLayouts: ReadonlyMap<string, Layout>,
  options: LoweringOptions,
  table: LoweringTable,
): LoweredProgram {
  const lowering = new EntryLowering(engine, program, slotLayouts, options);
  try {
    for (const node of program.nodes) lowerNode(lowering, node, table);
    const producers = producersOf(program);
    addSlotCopies(lowering, producers);
    const outputs = lowerOutputs(lowering, producers);
    const { buffers, steps, primitives } = lowering;
    return { program, buffers, steps, outputs, primitives };
  } catch (error) {
    for (const primitive of lowering.primitives) primitive.release();
    throw error;
  }
}

function lowerOutputs(
  lowering: EntryLowering,
  producers: ReadonlyMap<ValueId, Node>,
): readonly LoweredOutput[] {
  return lowering.program.outputs.map(({ name, value }) => {
    const node = producers.get(value) ?? boundary(lowering.program);
    if (isOpaque(node, value)) {
      throw new UnsupportedOpError(
        `onednn: output ${name} is an opaque result of ${node.op}, which only its backward op can read`,
      );
    }
    const buffer = lowering.input(value, lowering.plain(value), node);
    return { name, type: lowering.typeOf(value), buffer, owners: new Set(node.owners) };
  });
}

function lowerNode<K extends OpName>(
  lowering: EntryLowering,
  node: Node<K>,
  table: LoweringTable,
): void {
  const lower: Lowering<K> | Unsupported = table[node.op];
  assert(!isUnsupported(lower), `onednn: ${node.op} was not refused before`);
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
  const { opaque = [] }: { readonly opaque?: readonly number[] } = opRules[node.op];
  return opaque.includes(node.outputs.indexOf(value));
}
