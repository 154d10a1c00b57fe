// Where each buffer of a lowered program lies in the arena: program/memory-plan.ts with oneDNN's
// true sizes.
import { planMemory } from '../../../program/memory-plan.js';
import type { Node, Program } from '../../../program/types.js';
import type { LoweredProgram } from './lower-program.js';
import { type Buffer, type BufferId, memoryOf, type Step } from './step.js';

/** Byte offsets of the arena's buffers, and its size. */
export interface ArenaPlan {
  readonly offsets: ReadonlyMap<BufferId, number>;
  readonly arenaBytes: number;
  readonly scratchBytes: number;
  /** See MemoryPlan. */
  readonly peakLiveBytes: number;
}

/** Plans one entry. Entries run one at a time, so all of an executable's may use the same arena. */
export function planArena({ buffers, steps, outputs, program }: LoweredProgram): ArenaPlan {
  const stepOf = new Map<Node, Step>();
  const nodes = steps.map((step) => {
    const reads = step.reads.map((buffer) => memoryOf(buffers, buffer));
    const node: Node = { ...step.node, inputs: reads, outputs: written(buffers, step) };
    stepOf.set(node, step);
    return node;
  });
  // The steps as a program whose values are the buffers.
  const lowered: Program = {
    networks: program.networks,
    values: [],
    nodes,
    feeds: [],
    slots: [],
    outputs: outputs.map(({ name, buffer }) => ({ name, value: memoryOf(buffers, buffer) })),
    scalars: [],
  };
  const { offsets, arenaBytes, peakLiveBytes } = planMemory(lowered, {
    bytesOf: (buffer) => (buffers[buffer] as Buffer).layout.sizeBytes,
    overwrites: (node) =>
      (stepOf.get(node) as Step).overwrites.map(
        ([over, under]) => [over, memoryOf(buffers, under)] as const,
      ),
  });
  return {
    offsets,
    arenaBytes,
    scratchBytes: Math.max(0, ...steps.map((step) => step.scratchBytes)),
    peakLiveBytes,
  };
}

// Slots have memory of their own.
function written(buffers: readonly Buffer[], step: Step): readonly BufferId[] {
  return step.writes.filter((buffer) => (buffers[buffer] as Buffer).home.kind === 'arena');
}
