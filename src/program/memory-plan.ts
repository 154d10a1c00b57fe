// Places every intermediate value of a program at an offset of one arena: values that are never
// alive together share bytes.
import type { Node, Program, ValueId } from './types.js';

/** What the executor knows and the plan needs. */
export interface MemoryNeeds {
  /** Bytes of a value in the executor's layout; 0 for values that need no place (fused away). */
  readonly bytesOf: (value: ValueId) => number;
  /** Output values that may be written over one of the same node's inputs: [output, input] pairs.
   *  Done if the input dies there. */
  readonly overwrites?: (node: Node) => readonly (readonly [ValueId, ValueId])[];
  /** Alignment of every offset in bytes; default 64 (a cache line, an AVX-512 register). */
  readonly alignment?: number;
}

/** Where each value lies. Slots and feeds are not in it: they have memory of their own. */
export interface MemoryPlan {
  readonly offsets: ReadonlyMap<ValueId, number>;
  readonly arenaBytes: number;
  /** Largest sum of bytes alive at one node: no plan can be smaller. */
  readonly peakLiveBytes: number;
}

/** A block of bytes with its life: from node `start` to node `end`, inclusive. */
interface Block {
  readonly values: ValueId[];
  bytes: number;
  start: number;
  end: number;
  offset: number;
}

/** Greedy by size: the largest block first, each at the lowest offset where no block alive at the
 *  same time lies (Pisarchyk & Lee 2020, "Efficient memory management for deep neural net
 *  inference", greedy by size). Deterministic. */
export function planMemory(program: Program, needs: MemoryNeeds): MemoryPlan {
  const alignment = needs.alignment ?? 64;
  const blocks = blocksOf(program, needs, alignment);
  const placed: Block[] = [];
  for (const block of blocks.toSorted((a, b) => b.bytes - a.bytes || a.start - b.start)) {
    block.offset = lowestFreeOffset(block, placed);
    placed.push(block);
  }
  const offsets = new Map<ValueId, number>();
  for (const block of blocks) block.values.forEach((value) => offsets.set(value, block.offset));
  return {
    offsets,
    arenaBytes: Math.max(0, ...blocks.map((block) => block.offset + block.bytes)),
    peakLiveBytes: peakOf(blocks, program.nodes.length),
  };
}

function blocksOf(program: Program, needs: MemoryNeeds, alignment: number): Block[] {
  const outside = new Set([...program.slots, ...program.feeds].map(({ value }) => value));
  const lastRead = lastReads(program);
  const blockOf = new Map<ValueId, Block>();
  const blocks: Block[] = [];
  program.nodes.forEach((node, position) => {
    for (const input of node.inputs) {
      const block = blockOf.get(input);
      if (block) block.end = position;
    }
    const overwrites = new Map(needs.overwrites?.(node));
    for (const output of node.outputs) {
      if (outside.has(output)) continue;
      const bytes = Math.ceil(needs.bytesOf(output) / alignment) * alignment;
      if (bytes === 0) continue;
      const input = overwrites.get(output) ?? -1;
      const over = lastRead.get(input) === position ? blockOf.get(input) : undefined;
      const block = over ?? { values: [], bytes: 0, start: position, end: position, offset: 0 };
      if (!over) blocks.push(block);
      block.values.push(output);
      block.bytes = Math.max(block.bytes, bytes);
      block.end = position;
      blockOf.set(output, block);
    }
  });
  for (const { value } of program.outputs) {
    const block = blockOf.get(value);
    if (block) block.end = program.nodes.length;
  }
  return blocks;
}

/** Position of the last node that reads each value; past the end for outputs of the program. */
function lastReads(program: Program): ReadonlyMap<ValueId, number> {
  const last = new Map<ValueId, number>();
  program.nodes.forEach((node, position) =>
    node.inputs.forEach((value) => last.set(value, position)),
  );
  program.outputs.forEach(({ value }) => last.set(value, program.nodes.length));
  return last;
}

function lowestFreeOffset(block: Block, placed: readonly Block[]): number {
  const rivals = placed
    .filter((other) => other.start <= block.end && block.start <= other.end)
    .toSorted((a, b) => a.offset - b.offset);
  let offset = 0;
  for (const rival of rivals) {
    if (offset + block.bytes <= rival.offset) break;
    offset = Math.max(offset, rival.offset + rival.bytes);
  }
  return offset;
}

function peakOf(blocks: readonly Block[], nodes: number): number {
  const change = new Float64Array(nodes + 2);
  for (const block of blocks) {
    change[block.start] = (change[block.start] as number) + block.bytes;
    change[block.end + 1] = (change[block.end + 1] as number) - block.bytes;
  }
  let live = 0;
  return change.reduce((peak, delta) => Math.max(peak, (live += delta)), 0);
}
