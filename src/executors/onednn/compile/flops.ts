// FLOPs of a node by the algorithm that oneDNN chose for it.
import { type ConvolutionAlgorithm, nodeFlops } from '../../../program/flops.js';
import type { Node, Program } from '../../../program/types.js';

/** See `nodeFlops`. @param implementation oneDNN's name of it, e.g. "jit_wino_4x3:avx512_core" */
export function flopsAsRun(program: Program, node: Node, implementation: string): number {
  return nodeFlops(program, node, algorithmOf(implementation));
}

/** Winograd's kernels are called wino_TILExKERNEL (2.x); an implementation of another name counts
 *  as direct. */
export function algorithmOf(implementation: string): ConvolutionAlgorithm {
  const [, tile] = /wino_(\d)x3/.exec(implementation) ?? [];
  return tile === undefined ? 'direct' : { tile: Number(tile) };
}
