// From an operation descriptor to a primitive (oneDNN 2.x has this extra step; 3.x creates
// primitive descriptors directly).
import type { Role } from '../engine.js';
import { OP_DESC_BYTES } from './abi.js';
import { created, type Operand, named, NativePrimitive } from '../binding/primitive.js';
import { type Extras, type V2Context, withAttributes } from './attributes.js';

/** How an operation becomes a primitive. */
export interface Creation {
  /** Roles of its memories, workspace and scratchpad left out. */
  readonly roles: readonly Role[];
  /** For messages, e.g. "convolution forward f32[128,3,32,32]". */
  readonly problem: string;
  readonly extras?: Extras;
  /** What post-operations read; left out: nothing. */
  readonly operands?: readonly Operand[];
  /** The forward primitive. */
  readonly hint?: NativePrimitive | undefined;
  /** Fills the operation's descriptor. */
  readonly init: (operation: Uint8Array) => void;
}

/** @throws NativeError naming the problem if oneDNN has no implementation. */
export function createPrimitive(context: V2Context, creation: Creation): NativePrimitive {
  const operation = new Uint8Array(OP_DESC_BYTES);
  return named(creation.problem, () => {
    creation.init(operation);
    const descriptor = withAttributes(context, creation.extras ?? {}, (attributes) =>
      created((out) =>
        context.dnnl.primitive_desc_create(
          out,
          operation,
          attributes,
          context.engine,
          creation.hint?.descriptor ?? null,
        ),
      ),
    );
    return new NativePrimitive(context, descriptor, creation.roles, [], creation.operands);
  });
}
