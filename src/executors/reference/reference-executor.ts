// The reference executor: plain TypeScript in float64, slow and obviously right; the yardstick of
// every other executor.
import { UnsupportedOpError } from '../../base/errors.js';
import type { Program } from '../../program/types.js';
import type { Executable, Executor } from '../executor.js';
import { Profile } from '../profile.js';
import { makeExecutable, slotTypes } from '../shell.js';
import { supportedPrograms } from '../support.js';
import { Entry } from './entry.js';
import type { KernelTable } from './kernel.js';
import { SlotStore, type StateDtype } from './slot-store.js';
import { referenceKernels } from './table.js';

/** How a reference executor is made. */
export interface ReferenceOptions {
  /** Precision of f32 slots between runs; default `f32`, so that a checkpoint holds the whole
   *  state. */
  readonly state?: StateDtype;
  /** Kernels in place of the reference's own: how tests make executors that are wrong on purpose,
   *  or lack an op. */
  readonly kernels?: KernelTable;
}

/** An executor that computes every f32 value in float64. Outputs of dtype f32 come as Float64Array;
 *  feeds and `write` take Float32Array or Float64Array; `read` gives Float32Array, or Float64Array
 *  with `state: 'f64'`. Its `compile` throws UnsupportedOpError for bf16. A run of it that fails
 *  changes no slot at all. */
export function createReferenceExecutor(options: ReferenceOptions = {}): Executor {
  return {
    info: {
      name: 'reference',
      version: `node ${process.versions.node}`,
      instructionSet: 'javascript',
      threads: 1,
      precisions: ['fp32'],
    },
    compile: async (entries, { precision, profile }) => {
      if (precision !== 'fp32') {
        throw new UnsupportedOpError(
          `reference: precision ${precision}, computes in float64 only`,
          {
            hint: 'choose precision fp32, or the onednn executor',
          },
        );
      }
      const { kernels = referenceKernels } = options;
      const programs = supportedPrograms('reference', entries, kernels);
      return compile(programs, options, profile ? new Profile() : undefined);
    },
  };
}

function compile(
  programs: Readonly<Record<string, Program>>,
  { state = 'f32', kernels = referenceKernels }: ReferenceOptions,
  profile: Profile | undefined,
): Executable {
  const types = slotTypes(programs);
  const slots = new SlotStore(types, state);
  const entries = new Map(
    Object.entries(programs).map(([name, program]) => [
      name,
      new Entry(program, kernels, slots, profile),
    ]),
  );
  return makeExecutable(
    programs,
    types,
    {
      footprint: {
        arenaBytes: Math.max(0, ...[...entries.values()].map((entry) => entry.peakBytes)),
        stateBytes: slots.bytes,
        scratchBytes: 0,
      },
      entries,
      write: (slot, tensor) => slots.write(slot, tensor),
      read: (slot) => slots.read(slot),
      dispose: () => {},
    },
    profile,
  );
}
