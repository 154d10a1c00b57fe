// Tensors in blocks of channels, [N,C/b,H,W,b], for which onnxruntime has convolutions without a
// copy of their input. They are its own operators for graphs that it optimises, in a domain of
// their own; the block is as wide as a vector of the processor.
import type { Graph, Name } from './graph.js';

/** An operator on blocks. Their shapes are written as those of plain tensors, [N,C,H,W]. */
export const onBlocks = (op: 'Conv' | 'ReorderInput' | 'ReorderOutput' | 'MaxPool'): string =>
  `com.microsoft.nchwc.${op}`;

/** The values of a graph that are known in blocks. */
export class Blocks {
  /** Channels of a block. */
  readonly size: number;
  readonly #graph: Graph;

  constructor(graph: Graph, size: number) {
    this.#graph = graph;
    this.size = size;
  }

  /** Channels with those that fill up the last block. */
  wide = (channels: number): number => Math.ceil(channels / this.size) * this.size;

  /** Whether a tensor of so many channels can be laid in blocks: the operator copies four at a
   *  time. */
  canHold(channels: number): boolean {
    return channels >= this.size && channels % 4 === 0;
  }

  /** In blocks; channels that fill up the last one are zero. */
  laid(plain: Name): Name {
    return this.#graph.apply(onBlocks('ReorderInput'), [plain]);
  }

  /** Out of blocks. */
  plain(blocked: Name, channels: number): Name {
    return this.#graph.apply(onBlocks('ReorderOutput'), [blocked], { channels: { int: channels } });
  }
}
