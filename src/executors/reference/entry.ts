// One entry of a reference executable: a program ready to run node by node.
import { assert } from '../../base/errors.js';
import { nodeFlops } from '../../program/flops.js';
import { planMemory } from '../../program/memory-plan.js';
import type { OpName } from '../../program/ops/params.js';
import type { Node, Program, ValueId } from '../../program/types.js';
import { elementCount, type HostTensor, type TensorType } from '../../tensor/tensor.js';
import type { Scalars } from '../executor.js';
import type { Profile } from '../profile.js';
import type { CheckedRun, EntryCore, Tensors } from '../shell.js';
import { isUnsupported, type Unsupported } from '../support.js';
import { type Kernel, type KernelTable, zeros } from './kernel.js';
import { privateCopy, type SlotStore } from './slot-store.js';

/** Runs one program over the slots of its executable. Values are dropped after their last
 *  reader. */
export class Entry implements EntryCore {
  /** Largest sum of bytes of values alive at once. */
  readonly peakBytes: number;
  readonly #program: Program;
  readonly #kernels: KernelTable;
  readonly #slots: SlotStore;
  readonly #profile: Profile | undefined;
  readonly #dying: readonly (readonly ValueId[])[];

  /** @param profile filled while running, if given */
  constructor(program: Program, kernels: KernelTable, slots: SlotStore, profile?: Profile) {
    this.#program = program;
    this.#kernels = kernels;
    this.#slots = slots;
    this.#profile = profile;
    this.#dying = valuesDyingAfter(program);
    const bytesOf = (value: ValueId): number => {
      const { dtype, shape } = program.values[value] as TensorType;
      return elementCount(shape) * (dtype === 'f32' ? 8 : dtype === 'u8' ? 1 : 4);
    };
    this.peakBytes = planMemory(program, { bytesOf }).peakLiveBytes;
  }

  /** See Executable.run. Slots change only after every node has run: a run that throws changes
   *  nothing. @throws DataError for a label or a window out of range */
  run({ feeds, scalars, active }: CheckedRun): Record<string, HostTensor> {
    const program = this.#program;
    const values = this.#startValues(feeds);
    program.nodes.forEach((node, position) => {
      if (!node.owners.some((owner) => active[owner])) return;
      const start = this.#profile ? performance.now() : 0;
      this.#apply(node, values, scalars);
      this.#profile?.add(node.op, performance.now() - start, nodeFlops(program, node, 'direct'));
      this.#dying[position]?.forEach((value) => values.delete(value));
    });
    for (const { name, next } of program.slots) {
      const tensor = next === undefined ? undefined : values.get(next);
      if (tensor) this.#slots.set(name, tensor);
    }
    const outputs: Record<string, HostTensor> = {};
    for (const { name, value } of program.outputs) {
      const tensor = values.get(value);
      if (tensor) outputs[name] = { ...tensor, data: tensor.data.slice() };
    }
    return outputs;
  }

  #startValues(feeds: Tensors): Map<ValueId, HostTensor> {
    const { feeds: wanted, slots } = this.#program;
    const values = new Map<ValueId, HostTensor>();
    for (const { name, value } of wanted) values.set(value, privateCopy(feeds[name] as HostTensor));
    for (const { name, value } of slots) values.set(value, this.#slots.get(name));
    return values;
  }

  #apply<K extends OpName>(
    { op, params, inputs, outputs }: Node<K>,
    values: Map<ValueId, HostTensor>,
    scalars: Scalars,
  ): void {
    const results = outputs.map((value) => zeros(this.#program.values[value] as TensorType));
    const kernel: Kernel<K> | Unsupported = this.#kernels[op];
    assert(!isUnsupported(kernel), `reference: ${op} was not refused before`);
    kernel({
      params,
      inputs: inputs.map((value) => values.get(value) as HostTensor),
      outputs: results,
      scalars,
    });
    outputs.forEach((value, index) => values.set(value, results[index] as HostTensor));
  }
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
