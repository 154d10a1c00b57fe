// The CPU executor: compiles programs to oneDNN primitives over one arena.
import { UnsupportedOpError } from '../../base/errors.js';
import type { Program } from '../../program/types.js';
import type { CompileOptions, Executable, Executor } from '../executor.js';
import { Profile } from '../profile.js';
import { makeExecutable, slotTypes } from '../shell.js';
import { supportedPrograms } from '../support.js';
import { planArena } from './compile/arena.js';
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
      compile(engine, supportedPrograms('onednn', entries, table), how, table),
    measurePeak: (precision) =>
      measureLoops(precision, {
        threads: engine.threads,
        team: openMpTeam(),
        flags: processorFlags(),
        hasTiles: /AMX/.test(engine.instructionSet),
      }),
  };
}

function compile(
  engine: OneDnnEngine,
  programs: Readonly<Record<string, Program>>,
  { precision, exact, profile }: CompileOptions & { readonly profile?: boolean },
  table: LoweringTable,
): Executable {
  if (precision === 'bf16') requireBf16(engine);
  const options: LoweringOptions = {
    algorithm: exact ? 'direct' : 'auto',
    activations: precision === 'bf16' ? 'bf16' : 'f32',
  };
  const types = slotTypes(programs);
  const layouts = chooseSlotLayouts(engine, Object.values(programs), options);
  const lowered = Object.entries(programs).map(([name, program]) => {
    const plain = lowerProgram(engine, program, layouts, options, table);
    return { name, lowered: plain, plan: planArena(plain) };
  });
  const slots = new SlotMemory(engine, types, layouts);
  const memory = {
    arena: new NativeMemory(Math.max(0, ...lowered.map(({ plan }) => plan.arenaBytes))),
    scratch: new NativeMemory(Math.max(0, ...lowered.map(({ plan }) => plan.scratchBytes))),
    slots,
  };
  const rows = profile ? new Profile() : undefined;
  const entries = new Map(
    lowered.map(({ name, lowered: program, plan }) => [
      name,
      new Entry(program, plan, memory, rows),
    ]),
  );
  return makeExecutable(
    programs,
    types,
    {
      footprint: {
        arenaBytes: memory.arena.byteLength,
        stateBytes: slots.totalBytes,
        scratchBytes: memory.scratch.byteLength,
        peakLiveBytes: Math.max(0, ...lowered.map(({ plan }) => plan.peakLiveBytes)),
      },
      entries,
      write: (slot, tensor) => slots.write(slot, tensor),
      read: (slot) => slots.read(slot),
      dispose: () => {
        for (const entry of entries.values()) entry.release();
        slots.release();
        memory.arena.release();
        memory.scratch.release();
      },
    },
    rows,
  );
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
