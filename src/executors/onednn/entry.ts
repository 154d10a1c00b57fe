// One entry of an executable, tied to memory: a flat list of actions.
import { elementCount, type HostTensor, type TensorType } from '../../tensor/tensor.js';
import type { Profile } from '../profile.js';
import type { CheckedRun, EntryCore } from '../shell.js';
import type { ArenaPlan } from './compile/arena.js';
import type { LoweredProgram } from './compile/lower-program.js';
import {
  type Action,
  type Buffer,
  type BufferId,
  memoryOf,
  type Places,
  type RunContext,
  type Step,
} from './compile/step.js';
import { NativeMemory } from './native-memory.js';
import { type SlotMemory, viewOf } from './slot-memory.js';

/** Memory that an entry's steps are tied to. */
export interface EntryMemory {
  readonly arena: NativeMemory;
  readonly scratch: NativeMemory;
  readonly slots: SlotMemory;
}

interface BoundStep {
  readonly owners: ReadonlySet<number>;
  readonly action: Action;
}

interface BoundOutput {
  readonly name: string;
  readonly type: TensorType;
  readonly owners: ReadonlySet<number>;
  readonly view: Float32Array | Int32Array | Uint8Array;
}

/** A lowered program with addresses. */
export class Entry implements EntryCore {
  readonly #steps: readonly BoundStep[];
  readonly #outputs: readonly BoundOutput[];
  readonly #releases: (() => void)[] = [];
  // Mask of active networks -> the actions to run.
  readonly #selections = new Map<string, readonly Action[]>();

  /** @param profile filled while running, if given */
  constructor(lowered: LoweredProgram, plan: ArenaPlan, memory: EntryMemory, profile?: Profile) {
    const places = placesOf(lowered, plan, memory, this.#releases);
    this.#steps = lowered.steps.map((step) => {
      const action = step.bind(places);
      return { owners: step.owners, action: profile ? timed(step, action, profile) : action };
    });
    this.#outputs = lowered.outputs.map((output) => ({
      ...output,
      view: viewAt(lowered, plan, memory, output.buffer, output.type),
    }));
  }

  /** See Executable.run. Updates write into their slots as soon as they are reached: a run that
   *  throws may have changed some. @throws DataError for a label or a window out of range,
   *  NativeError */
  run({ feeds, scalars, active }: CheckedRun): Record<string, HostTensor> {
    const context: RunContext = { feeds, scalars };
    for (const action of this.#select(active)) action(context);
    const outputs: Record<string, HostTensor> = {};
    for (const { name, type, owners, view } of this.#outputs) {
      if (!isOwnedBy(owners, active)) continue;
      outputs[name] = { dtype: type.dtype, shape: type.shape, data: view.slice() };
    }
    return outputs;
  }

  /** Frees what its steps made for themselves; lowered primitives and memory are the
   *  executable's. */
  release(): void {
    for (const release of this.#releases.splice(0)) release();
  }

  #select(isActive: readonly boolean[]): readonly Action[] {
    const key = isActive.join();
    let selection = this.#selections.get(key);
    if (!selection) {
      selection = this.#steps
        .filter((step) => isOwnedBy(step.owners, isActive))
        .map((step) => step.action);
      this.#selections.set(key, selection);
    }
    return selection;
  }
}

function isOwnedBy(owners: ReadonlySet<number>, isActive: readonly boolean[]): boolean {
  for (const owner of owners) if (isActive[owner]) return true;
  return false;
}

function timed({ kind, flops }: Step, action: Action, profile: Profile): Action {
  return (context) => {
    const start = performance.now();
    action(context);
    profile.add(kind, performance.now() - start, flops);
  };
}

function placesOf(
  lowered: LoweredProgram,
  plan: ArenaPlan,
  memory: EntryMemory,
  releases: (() => void)[],
): Places {
  return {
    address: (id) => {
      const base = memoryOf(lowered.buffers, id);
      const { home } = lowered.buffers[base] as Buffer;
      if (home.kind === 'slot') return memory.slots.address(home.name);
      return memory.arena.address + BigInt(plan.offsets.get(base) ?? 0);
    },
    float32: (id) => viewAt(lowered, plan, memory, id, f32) as Float32Array,
    int32: (id) => viewAt(lowered, plan, memory, id, i32) as Int32Array,
    ones: onesOf(releases),
    scratch: memory.scratch.address,
    onRelease: (release) => void releases.push(release),
  };
}

const ONE = { f32: 0x3f800000, bf16: 0x3f803f80 } as const; // bf16: two of them

// Memory of ones, made where the largest wish so far is exceeded.
function onesOf(releases: (() => void)[]): Places['ones'] {
  const known = new Map<string, NativeMemory>();
  return (count, type) => {
    const bytes = type === 'f32' ? 4 * count : 4 * Math.ceil(count / 2);
    const before = known.get(type);
    if (before && before.byteLength >= bytes) return before.address;
    const made = new NativeMemory(bytes);
    releases.push(() => made.release());
    made.int32(made.byteLength / 4).fill(ONE[type]);
    known.set(type, made);
    return made.address;
  };
}

const f32: TensorType = { dtype: 'f32', shape: [] };
const i32: TensorType = { dtype: 'i32', shape: [] };

// A view of the whole row-major buffer.
function viewAt(
  { buffers }: LoweredProgram,
  plan: ArenaPlan,
  memory: EntryMemory,
  id: BufferId,
  type: TensorType,
): Float32Array | Int32Array | Uint8Array {
  const base = memoryOf(buffers, id);
  const { home } = buffers[base] as Buffer;
  const count = elementCount((buffers[id] as Buffer).layout.dims);
  if (home.kind === 'slot') return viewOf(memory.slots.memory(home.name), type, count);
  return viewOf(memory.arena, type, count, plan.offsets.get(base) ?? 0);
}
