// The reference executor: plain TypeScript in float64, slow and obviously right; the yardstick of
// every other executor.
import { ShapeError, UnsupportedOpError } from '../../base/errors.js';
import type { OpName } from '../../program/ops/params.js';
import type { Program } from '../../program/types.js';
import type { Executable, Executor, ProfileRow } from '../executor.js';
import { type Clock, Entry } from './entry.js';
import type { KernelTable } from './kernel.js';
import { SlotStore, type StateDtype } from './slot-store.js';
import { referenceKernels } from './table.js';

/** How a reference executor is made. */
export interface ReferenceOptions {
  /** Precision of f32 slots between runs; default `f32`, so that a checkpoint holds the whole
   *  state. */
  readonly state?: StateDtype;
  /** Kernels in place of the reference's own: how tests make executors that are wrong on
   *  purpose. */
  readonly kernels?: KernelTable;
}

/** An executor that computes every f32 value in float64. Outputs of dtype f32 come as Float64Array;
 *  feeds and `write` take Float32Array or Float64Array; `read` gives Float32Array, or Float64Array
 *  with `state: 'f64'`. Refuses bf16 when it compiles. */
export function createReferenceExecutor(options: ReferenceOptions = {}): Executor {
  return {
    info: {
      name: 'reference',
      version: `node ${process.versions.node}`,
      instructionSet: 'javascript',
      threads: 1,
      precisions: ['fp32'],
    },
    compile: (entries, { precision, profile }) => {
      if (precision !== 'fp32') {
        throw new UnsupportedOpError(
          `reference: precision ${precision}, computes in float64 only`,
          {
            hint: 'choose precision fp32, or the onednn executor',
          },
        );
      }
      return compile(entries, options, profile ?? false);
    },
  };
}

function compile(
  programs: Readonly<Record<string, Program>>,
  { state = 'f32', kernels = referenceKernels }: ReferenceOptions,
  isProfiled: boolean,
): Executable {
  const slots = new SlotStore(programs, state);
  const entries = new Map(
    Object.entries(programs).map(([name, program]) => [name, new Entry(program, kernels)]),
  );
  let rows = new Map<OpName, Omit<ProfileRow, 'op'>>();
  const clock: Clock = (op, timeMs, flops) => {
    const row = rows.get(op) ?? { calls: 0, timeMs: 0, flops: 0 };
    rows.set(op, { calls: row.calls + 1, timeMs: row.timeMs + timeMs, flops: row.flops + flops });
  };
  return {
    footprint: {
      arenaBytes: Math.max(0, ...[...entries.values()].map((entry) => entry.peakBytes)),
      stateBytes: slots.bytes,
      scratchBytes: 0,
    },
    write: (slot, tensor) => slots.write(slot, tensor),
    read: (slot) => slots.read(slot),
    run: (name, feeds, scalars, active) => {
      const entry = entries.get(name);
      if (!entry) {
        throw new ShapeError(
          `no entry is named ${name}; there are ${[...entries.keys()].join(', ')}`,
        );
      }
      return entry.run(slots, feeds, scalars, active, isProfiled ? clock : undefined);
    },
    profile: (): readonly ProfileRow[] => {
      const sorted = [...rows].map(([op, row]) => ({ op, ...row }));
      rows = new Map();
      return sorted.sort((a, b) => b.timeMs - a.timeMs);
    },
    dispose: () => {},
  };
}
