// Attributes of oneDNN 2.x: what is done to an operation's inputs and result besides.
import { roleNumbers } from '../binding/abi.js';
import { type Context, created, descriptorOf } from '../binding/primitive.js';
import type { Layout } from '../engine.js';
import { ELTWISE_RELU } from './abi.js';
import type { Symbols } from './symbols.js';

/** The common context with 2.x's own functions. */
export type V2Context = Context & { readonly dnnl: Symbols };

/** What is done to an operation's inputs and result besides. */
export interface Extras {
  /** Factors of src and src1. */
  readonly scales?: readonly [number, number];
  /** The result is added to this times the old contents of dst. */
  readonly keptDst?: number;
  /** ReLU of the result. */
  readonly relu?: boolean;
  /** Appends further post-operations. */
  readonly append?: (postOps: bigint) => void;
}

/** Runs `use` with attributes: scratchpad given by us, and the extras. */
export function withAttributes<T>(
  { dnnl }: V2Context,
  { scales, keptDst, relu, append }: Extras,
  use: (attributes: bigint) => T,
): T {
  const attributes = created((out) => dnnl.primitive_attr_create(out));
  try {
    const scratchpadModeUser = 1;
    dnnl.primitive_attr_set_scratchpad_mode(attributes, scratchpadModeUser);
    scales?.forEach((scale, i) => {
      const { arg } = roleNumbers(i === 0 ? 'src' : 'src1');
      dnnl.primitive_attr_set_scales(attributes, arg, 1, 0, Float32Array.of(scale));
    });
    if (relu || keptDst !== undefined || append !== undefined) {
      const postOps = created((out) => dnnl.post_ops_create(out));
      if (keptDst !== undefined) dnnl.post_ops_append_sum(postOps, keptDst);
      if (relu) dnnl.post_ops_append_eltwise(postOps, 1, ELTWISE_RELU, 0, 0);
      append?.(postOps);
      dnnl.primitive_attr_set_post_ops(attributes, postOps); // copies
      dnnl.post_ops_destroy(postOps);
    }
    return use(attributes); // a primitive descriptor copies its attributes
  } finally {
    dnnl.primitive_attr_destroy(attributes);
  }
}

/** The bytes of a layout made by this binding. */
export function descriptorBytes(layout: Layout): Uint8Array {
  return descriptorOf(layout) as Uint8Array;
}
