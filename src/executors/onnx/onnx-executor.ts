// The portable executor: compiles programs to graphs of plain ONNX operators, which onnxruntime
// computes on any machine that npm has its binaries for.
import { UnsupportedOpError } from '../../base/errors.js';
import { planMemory } from '../../program/memory-plan.js';
import type { Program } from '../../program/types.js';
import { dtypeBytes, elementCount, type TensorType } from '../../tensor/tensor.js';
import type { Executable, Executor, Footprint } from '../executor.js';
import { Profile } from '../profile.js';
import { makeExecutable, slotTypes } from '../shell.js';
import { supportedPrograms } from '../support.js';
import type { LoweringTable } from './compile/lowering.js';
import { onnxLowerings } from './compile/table.js';
import { Entry, type EntrySetting } from './entry.js';
import { loadRuntime, threadsAsked } from './runtime.js';
import { SlotStore } from './slot-store.js';

/** How an executor is made; tests use it. */
export interface OnnxOptions {
  /** Lowerings in place of the executor's own. */
  readonly lowerings?: LoweringTable;
  /** Threads; default OMP_NUM_THREADS, else all cores. */
  readonly threads?: number;
}

/** Opens onnxruntime. Its `compile` throws UnsupportedOpError for bf16. A run of it that fails
 *  changes no slot at all.
 *  @throws ExecutorMissingError if the package is not there; `hint` is the command that installs
 *  it */
export function createOnnxExecutor(options: OnnxOptions = {}): Executor {
  const { lowerings = onnxLowerings, threads = threadsAsked() } = options;
  const runtime = loadRuntime();
  const setting: EntrySetting = { runtime, provider: 'cpu', threads, table: lowerings };
  return {
    info: {
      name: 'onnx',
      version: `onnxruntime ${runtime.env.versions.node ?? 'of an unknown version'}`,
      instructionSet: process.arch,
      threads,
      precisions: ['fp32'],
    },
    compile: async (entries, { precision, profile }) => {
      if (precision !== 'fp32') {
        throw new UnsupportedOpError(`onnx: precision ${precision}, computes in float32 only`, {
          hint: 'choose precision fp32, or the onednn executor',
        });
      }
      const programs = supportedPrograms('onnx', entries, lowerings);
      return compile(programs, setting, profile ? new Profile() : undefined);
    },
  };
}

type Programs = Readonly<Record<string, Program>>;

async function compile(
  programs: Programs,
  setting: EntrySetting,
  profile: Profile | undefined,
): Promise<Executable> {
  const types = slotTypes(programs);
  const slots = new SlotStore(types);
  const entries = new Map<string, Entry>();
  const dispose = (): void => {
    for (const entry of entries.values()) entry.release();
  };
  try {
    for (const [name, program] of Object.entries(programs)) {
      entries.set(name, await Entry.open(program, slots, setting, profile));
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return makeExecutable(
    programs,
    types,
    {
      footprint: footprintOf(Object.values(programs), slots),
      entries,
      write: (slot, tensor) => slots.write(slot, tensor),
      read: (slot) => slots.read(slot),
      dispose,
    },
    profile,
  );
}

/** onnxruntime takes memory as it goes: what is stated is what a plan of the program's own values
 *  needs. */
function footprintOf(programs: readonly Program[], slots: SlotStore): Footprint {
  const plans = programs.map((program) =>
    planMemory(program, {
      bytesOf: (value) => {
        const { dtype, shape } = program.values[value] as TensorType;
        return dtypeBytes(dtype) * elementCount(shape);
      },
    }),
  );
  const updated = programs.flatMap((program) =>
    program.slots.flatMap(({ name, next }) => (next === undefined ? [] : [name])),
  );
  return {
    arenaBytes: Math.max(0, ...plans.map(({ arenaBytes }) => arenaBytes)),
    stateBytes: slots.bytes(new Set(updated)),
    scratchBytes: 0,
    peakLiveBytes: Math.max(0, ...plans.map(({ peakLiveBytes }) => peakLiveBytes)),
  };
}
