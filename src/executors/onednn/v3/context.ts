// What oneDNN 3.x's operations need, and how a descriptor becomes a primitive.
import { roleNumbers } from '../binding/abi.js';
import {
  type Context,
  created,
  descriptorOf,
  type Operand,
  named,
  NativePrimitive,
  type RuntimeScalar,
} from '../binding/primitive.js';
import type { Layout, Role } from '../engine.js';
import { ARG_ATTR_SCALES, ELTWISE_RELU } from './abi.js';
import type { V3Layout } from './layout.js';
import type { Symbols } from './symbols.js';

/** The common context with 3.x's own functions. */
export type V3Context = Context & {
  readonly dnnl: Symbols;
  /** Layout of one f32 number. */
  readonly scalar: V3Layout;
};

/** What is done to an operation's inputs and result besides. */
export interface Extras {
  /** Factors of src and src1; 3.x reads them from memory when the primitive runs. */
  readonly scales?: readonly [number, number];
  /** The result is added to this times the old contents of dst. */
  readonly keptDst?: number;
  /** ReLU of the result. */
  readonly relu?: boolean;
  /** Appends further post-operations. */
  readonly append?: (postOps: bigint) => void;
}

/** How an operation becomes a primitive. */
export interface Creation {
  /** Roles of its memories, workspace and scratchpad left out. */
  readonly roles: readonly Role[];
  /** For messages, e.g. "convolution forward f32[128,3,32,32]". */
  readonly problem: string;
  readonly extras?: Extras;
  /** What post-operations read; left out: nothing. */
  readonly operands?: readonly Operand[];
  /** Writes the new primitive descriptor's address to `out`. */
  readonly make: (out: BigUint64Array, attributes: bigint) => void;
}

/** @throws NativeError naming the problem if oneDNN has no implementation. */
export function createPrimitive(context: V3Context, creation: Creation): NativePrimitive {
  const { extras = {}, problem, roles, make } = creation;
  const descriptor = named(problem, () =>
    withAttributes(context, extras, (attributes) => created((out) => make(out, attributes))),
  );
  return new NativePrimitive(
    context,
    descriptor,
    roles,
    runtimeScalars(context, extras),
    creation.operands,
  );
}

/** Address of a layout made by this binding. */
export function descriptorAddress(layout: Layout): bigint {
  return descriptorOf(layout) as bigint;
}

function scaleArgument(index: number): number {
  return roleNumbers(index === 0 ? 'src' : 'src1').arg;
}

function runtimeScalars({ scalar }: V3Context, { scales }: Extras): readonly RuntimeScalar[] {
  return (scales ?? []).map((value, i) => ({
    arg: ARG_ATTR_SCALES | scaleArgument(i),
    value,
    layout: scalar,
  }));
}

function withAttributes<T>(
  { dnnl }: V3Context,
  { scales, keptDst, relu, append }: Extras,
  use: (attributes: bigint) => T,
): T {
  const attributes = created((out) => dnnl.primitive_attr_create(out));
  try {
    const scratchpadModeUser = 1;
    dnnl.primitive_attr_set_scratchpad_mode(attributes, scratchpadModeUser);
    scales?.forEach((_, i) => {
      dnnl.primitive_attr_set_scales_mask(attributes, scaleArgument(i), 0); // 0: one factor for all
    });
    if (relu || keptDst !== undefined || append !== undefined) {
      const postOps = created((out) => dnnl.post_ops_create(out));
      const typeOfDst = 0;
      if (keptDst !== undefined) dnnl.post_ops_append_sum(postOps, keptDst, 0, typeOfDst);
      if (relu) dnnl.post_ops_append_eltwise(postOps, ELTWISE_RELU, 0, 0);
      append?.(postOps);
      dnnl.primitive_attr_set_post_ops(attributes, postOps); // copies
      dnnl.post_ops_destroy(postOps);
    }
    return use(attributes); // a primitive descriptor copies its attributes
  } finally {
    dnnl.primitive_attr_destroy(attributes);
  }
}
