// The portable executor: compiles programs to graphs of plain ONNX operators, which onnxruntime
// computes on any machine that npm has its binaries for.
import { ExecutorMissingError, UnsupportedOpError } from '../../base/errors.js';
import { planMemory } from '../../program/memory-plan.js';
import type { Program } from '../../program/types.js';
import { dtypeBytes, elementCount, type TensorType } from '../../tensor/tensor.js';
import type { Executable, Executor, Footprint } from '../executor.js';
import { Profile } from '../profile.js';
import { makeExecutable, slotTypes } from '../shell.js';
import { supportedPrograms } from '../support.js';
import { blockSizeOf } from './block-size.js';
import { Graph } from './compile/graph.js';
import type { LoweringTable } from './compile/lowering.js';
import { onnxLowerings } from './compile/table.js';
import { Entry, type EntrySetting } from './entry.js';
import { loadRuntime, threadsAsked } from './runtime.js';
import { Session, type SessionSetting } from './session.js';
import { SlotStore } from './slot-store.js';

/** How an executor is made; tests use it. */
export interface OnnxOptions {
  /** Lowerings in place of the executor's own. */
  readonly lowerings?: LoweringTable;
  /** Threads; default OMP_NUM_THREADS, else all cores. */
  readonly threads?: number;
  /** Whether convolutions may use onnxruntime's operators on blocks of channels, where it has them;
   *  default yes. */
  readonly blocked?: boolean;
}

/** Opens onnxruntime. Its `compile` throws UnsupportedOpError for bf16. A run of it that fails
 *  changes no slot at all.
 *  @throws ExecutorMissingError if the package is not there; `hint` is the command that installs
 *  it */
export function createOnnxExecutor(options: OnnxOptions = {}): Executor {
  const { lowerings = onnxLowerings, threads = threadsAsked(), blocked = true } = options;
  const setting = { runtime: loadRuntime(), provider: 'cpu', threads, table: lowerings } as const;
  return executorOf('onnx', process.arch, setting, blocked);
}

/** Opens onnxruntime's WebGPU provider: graphics processors by Vulkan, Metal or Direct3D 12. What
 *  it lacks, onnxruntime computes on the processor.
 *  @throws ExecutorMissingError if there is no package or no adapter */
export async function createWebgpuExecutor(): Promise<Executor> {
  const setting = {
    runtime: loadRuntime(),
    provider: 'webgpu',
    threads: threadsAsked(),
    table: onnxLowerings,
  } as const;
  await requireAdapter(setting);
  return executorOf('webgpu', 'webgpu', setting, false);
}

async function requireAdapter(setting: SessionSetting): Promise<void> {
  const graph = new Graph();
  const type = { dtype: 'f32', shape: [1] } as const;
  const value = graph.apply('Relu', [graph.input('x', type)]);
  try {
    (await Session.open(graph.finish([{ value, type }]), setting)).release();
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.split('was false. ').at(-1) : '';
    throw new ExecutorMissingError(`webgpu: ${said?.trim()}`, {
      cause,
      hint: 'Install a driver of your graphics processor (on Linux for Vulkan, and libvulkan1).',
    });
  }
}

function executorOf(
  name: 'onnx' | 'webgpu',
  instructionSet: string,
  setting: Omit<EntrySetting, 'blockSize'>,
  blocked: boolean,
): Executor {
  const { runtime, threads, table } = setting;
  let blockSize: Promise<number> | undefined;
  return {
    info: {
      name,
      version: `onnxruntime ${runtime.env.versions.node ?? 'of an unknown version'}`,
      instructionSet,
      threads,
      precisions: ['fp32'],
    },
    compile: async (entries, { precision, profile }) => {
      if (precision !== 'fp32') {
        throw new UnsupportedOpError(`${name}: precision ${precision}, computes in float32 only`, {
          hint: 'choose precision fp32, or the onednn executor',
        });
      }
      const programs = supportedPrograms(name, entries, table);
      blockSize ??= blocked ? blockSizeOf(setting) : Promise.resolve(0);
      const ready = { ...setting, blockSize: await blockSize };
      return compile(programs, ready, profile ? new Profile() : undefined);
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
