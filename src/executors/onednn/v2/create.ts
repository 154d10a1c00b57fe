// From an operation descriptor to a primitive (oneDNN 2.x has this extra step; 3.x creates primitive descriptors directly).
import { NativeError } from '../../../base/errors.js';
import type { Role } from '../engine.js';
import { OP_DESC_BYTES } from './abi.js';
import { type Context, created, type Extras, V2Primitive, withAttributes } from './primitive.js';

/** How an operation becomes a primitive. */
export interface Creation {
  /** Roles of its memories, workspace and scratchpad left out. */
  readonly roles: readonly Role[];
  /** For messages, e.g. "convolution forward f32[128,3,32,32]". */
  readonly problem: string;
  readonly extras?: Extras;
  /** The forward primitive. */
  readonly hint?: V2Primitive | undefined;
  /** Fills the operation's descriptor. */
  readonly init: (operation: Uint8Array) => void;
}

/** @throws NativeError naming the problem if oneDNN has no implementation. */
export function createPrimitive(context: Context, creation: Creation): V2Primitive {
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
    return new V2Primitive(context, descriptor, creation.roles);
  });
}

/** Runs `make`, adding the problem to a NativeError. */
export function named<T>(problem: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof NativeError)) throw cause;
    throw new NativeError(`${cause.message} for ${problem}`, { cause, data: cause.data });
  }
}
