// The CPU executor: compiles programs to oneDNN primitives over one arena.
import { UnsupportedOpError } from '../../base/errors.js';
import type { Program } from '../../program/types.js';
import type { HostTensor } from '../../tensor/tensor.js';
import type { CompileOptions, Executable, Executor } from '../executor.js';
import { Profile } from '../profile.js';
import { makeExecutable, slotTypes } from '../shell.js';
import { supportedPrograms } from '../support.js';
import { type ArenaPlan, planArena } from './compile/arena.js';
import type { LoweringOptions } from './compile/entry-lowering.js';
import type { LoweringTable } from './compile/lowering.js';
import { lowerProgram } from './compile/lower-program.js';
import { chooseSlotLayouts } from './compile/slot-layouts.js';
import { lowerings } from './compile/table.js';
import type { OneDnnEngine } from './engine.js';
import { Entry } from './entry.js';
import { NativeMemory } from './native-memory.js';
import { openEngine } from './open-engine.js';
import { openMpTeam } from './openmp.js';
import { measureLoops } from './peak/measure.js';
import { processorFlags } from './peak/processor.js';
import { SlotMemory } from './slot-memory.js';

/** How an executor is made; tests use it. */
export interface OnednnOptions {
  /** The library's engine; default the one that is found on this machine. */
  readonly engine?: OneDnnEngine;
  /** Lowerings in place of the executor's own. */
  readonly lowerings?: LoweringTable;
}

/** Opens oneDNN. Set OMP_NUM_THREADS before the process starts: libgomp reads it once.
 *  @throws ExecutorMissingError if no usable library is found; `hint` is the command that installs
 *  it */
export function createOnednnExecutor(options: OnednnOptions = {}): Executor {
  const { engine = openEngine(), lowerings: table = lowerings } = options;
  return {
    info: {
      name: 'onednn',
      version: engine.version,
      instructionSet: engine.instructionSet,
      threads: engine.threads,
      precisions: hasBf16(engine) ? ['fp32', 'bf16'] : ['fp32'],
    },
    compile: async (entries, how) =>
      compile(engine, supportedPrograms('onednn', entries, table), { ...how, table }),
    measurePeak: (precision) =>
      measureLoops(precision, {
        threads: engine.threads,
        team: openMpTeam(),
        flags: processorFlags(),
        hasTiles: /AMX/.test(engine.instructionSet),
      }),
  };
}

type Programs = Readonly<Record<string, Program>>;

interface CompileSetting extends CompileOptions {
  readonly profile?: boolean;
  readonly table: LoweringTable;
}

function compile(root: OneDnnEngine, programs: Programs, setting: CompileSetting): Executable {
  if (setting.precision === 'bf16') requireBf16(root);
  const engine = root.scope();
  // In the order in which things were made; freed the other way round.
  const releases = [() => engine.release()];
  const dispose = (): void => {
    for (const release of releases.splice(0).reverse()) release();
  };
  try {
    return build(engine, programs, setting, { dispose, onDispose: (each) => releases.push(each) });
  } catch (error) {
    dispose();
    throw error;
  }
}

interface Disposal {
  readonly dispose: () => void;
  readonly onDispose: (release: () => void) => void;
}

function build(
  engine: OneDnnEngine,
  programs: Programs,
  { precision, exact, profile, table }: CompileSetting,
  { dispose, onDispose }: Disposal,
): Executable {
  const options: LoweringOptions = {
    algorithm: exact ? 'direct' : 'auto',
    activations: precision === 'bf16' ? 'bf16' : 'f32',
  };
  const types = slotTypes(programs);
  const layouts = chooseSlotLayouts(engine, Object.values(programs), options);
  const lowered = Object.entries(programs).map(([name, program]) => {
    const plain = lowerProgram(engine, program, layouts, options, table);
    onDispose(() => plain.primitives.forEach((primitive) => primitive.release()));
    return { name, lowered: plain, plan: planArena(plain) };
  });
  const held = <T extends { release(): void }>(made: T): T => {
    onDispose(() => made.release());
    return made;
  };
  const most = (bytes: (plan: ArenaPlan) => number): number =>
    Math.max(0, ...lowered.map(({ plan }) => bytes(plan)));
  const slots = held(new SlotMemory(engine, types, layouts));
  const arena = held(new NativeMemory(most((plan) => plan.arenaBytes)));
  const scratch = held(new NativeMemory(most((plan) => plan.scratchBytes)));
  const rows = profile ? new Profile() : undefined;
  const entries = new Map(
    lowered.map(({ name, lowered: program, plan }) => {
      const entry = held(new Entry(program, plan, { arena, scratch, slots }, rows));
      return [name, entry] as const;
    }),
  );
  const footprint = {
    arenaBytes: arena.byteLength,
    stateBytes: slots.totalBytes,
    scratchBytes: scratch.byteLength,
    peakLiveBytes: most((plan) => plan.peakLiveBytes),
  };
  const write = (slot: string, tensor: HostTensor): void => slots.write(slot, tensor);
  const read = (slot: string): HostTensor => slots.read(slot);
  return makeExecutable(programs, types, { footprint, entries, write, read, dispose }, rows);
}

// With AVX-512 alone oneDNN emulates bf16, slower than fp32; with AVX2 it has none.
function hasBf16({ instructionSet }: OneDnnEngine): boolean {
  return /BF16|FP16|AMX/.test(instructionSet);
}

function requireBf16(engine: OneDnnEngine): void {
  if (hasBf16(engine)) return;
  throw new UnsupportedOpError(
    `onednn: precision bf16 needs a processor with AVX512_BF16 or AMX, found ${engine.instructionSet}`,
    { hint: 'choose precision: fp32' },
  );
}
