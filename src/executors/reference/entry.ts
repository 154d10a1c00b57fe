// One entry of a reference executable: a program ready to run node by node.
import { ShapeError } from '../../base/errors.js';
import { nodeFlops } from '../../program/flops.js';
import { planMemory } from '../../program/memory-plan.js';
import type { OpName } from '../../program/ops/params.js';
import type { Node, Program, ValueId } from '../../program/types.js';
import { elementCount, type HostTensor, type TensorType } from '../../tensor/tensor.js';
import type { Scalars } from '../executor.js';
import { type Kernel, type KernelTable, zeros } from './kernel.js';
import { privateCopy, type SlotStore } from './slot-store.js';
import { requireType } from '../../tensor/check.js';

type Feeds = Readonly<Record<string, HostTensor>>;

/** Called after each node with its op, the time it took and its FLOPs. */
export type Clock = (op: OpName, timeMs: number, flops: number) => void;

/** Runs one program over the slots of its executable. Values are dropped after their last
 *  reader. */
export class Entry {
  readonly program: Program;
  /** Largest sum of bytes of values alive at once. */
  readonly peakBytes: number;
  readonly #kernels: KernelTable;
  readonly #dying: readonly (readonly ValueId[])[];

  constructor(program: Program, kernels: KernelTable) {
    this.program = program;
    this.#kernels = kernels;
    this.#dying = valuesDyingAfter(program);
    const bytesOf = (value: ValueId): number => {
      const { dtype, shape } = program.values[value] as TensorType;
      return elementCount(shape) * (dtype === 'f32' ? 8 : dtype === 'u8' ? 1 : 4);
    };
    this.peakBytes = planMemory(program, { bytesOf }).peakLiveBytes;
  }

  /** See Executable.run. Slots change only after every node has run: a run that throws changes
   *  nothing. */
  run(
    slots: SlotStore,
    feeds: Feeds,
    scalars: Scalars,
    active: readonly boolean[] | undefined,
    clock: Clock | undefined,
  ): Record<string, HostTensor> {
    const { program } = this;
    const values = this.#startValues(slots, feeds);
    const isActive = activity(program, active);
    program.nodes.forEach((node, position) => {
      if (!node.owners.some(isActive)) return;
      const start = clock ? performance.now() : 0;
      this.#apply(node, values, scalars);
      clock?.(node.op, performance.now() - start, nodeFlops(program, node, 'direct'));
      this.#dying[position]?.forEach((value) => values.delete(value));
    });
    for (const { name, next } of program.slots) {
      const tensor = next === undefined ? undefined : values.get(next);
      if (tensor) slots.set(name, tensor);
    }
    const outputs: Record<string, HostTensor> = {};
    for (const { name, value } of program.outputs) {
      const tensor = values.get(value);
      if (tensor) outputs[name] = { ...tensor, data: tensor.data.slice() };
    }
    return outputs;
  }

  #startValues(slots: SlotStore, feeds: Feeds): Map<ValueId, HostTensor> {
    const { program } = this;
    const values = new Map<ValueId, HostTensor>();
    for (const { name, value } of program.feeds) {
      const fed = feeds[name];
      if (!fed) throw new ShapeError(`feed ${name} is missing`);
      requireType(`feed ${name}`, fed, program.values[value] as TensorType);
      values.set(value, privateCopy(`feed ${name}`, fed));
    }
    for (const { name, value } of program.slots) values.set(value, slots.get(name));
    return values;
  }

  #apply<K extends OpName>(
    { op, params, inputs, outputs }: Node<K>,
    values: Map<ValueId, HostTensor>,
    scalars: Scalars,
  ): void {
    const results = outputs.map((value) => zeros(this.program.values[value] as TensorType));
    const kernel: Kernel<K> = this.#kernels[op];
    kernel({
      params,
      inputs: inputs.map((value) => values.get(value) as HostTensor),
      outputs: results,
      scalars,
    });
    outputs.forEach((value, index) => values.set(value, results[index] as HostTensor));
  }
}

function activity(
  { networks }: Program,
  active: readonly boolean[] | undefined,
): (network: number) => boolean {
  if (!active) return () => true;
  if (active.length !== networks.length) {
    throw new ShapeError(`active has ${active.length} elements for ${networks.length} networks`);
  }
  return (network) => active[network] as boolean;
}

// By node: the values that no later node reads and that are neither outputs nor next values of
// slots.
function valuesDyingAfter(program: Program): readonly (readonly ValueId[])[] {
  const kept = new Set<ValueId>(program.outputs.map(({ value }) => value));
  for (const { next } of program.slots) if (next !== undefined) kept.add(next);
  const dying: ValueId[][] = program.nodes.map(() => []);
  for (let position = program.nodes.length - 1; position >= 0; position--) {
    const { inputs, outputs } = program.nodes[position] as Node;
    for (const value of [...inputs, ...outputs]) {
      if (kept.has(value)) continue;
      kept.add(value);
      dying[position]?.push(value);
    }
  }
  return dying;
}
