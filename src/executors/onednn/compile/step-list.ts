// The steps, buffers and primitives of an entry as they are collected.
import { NativeError, UnsupportedOpError } from '../../../base/errors.js';
import type { Node, Program, ValueId } from '../../../program/types.js';
import { formatType, type TensorType } from '../../../tensor/tensor.js';
import type { Layout, OneDnnEngine, Primitive, Role } from '../engine.js';
import { flopsAsRun } from './flops.js';
import { refuseSlowCode } from './slow-code.js';
import type { Buffer, BufferId, Home, Step } from './step.js';

/** Roles of a primitive with the buffers that play them. */
export type Cast = Readonly<Partial<Record<Role, BufferId>>>;

/** What a primitive works on. */
export interface Memories {
  readonly reads: Cast;
  readonly writes: Cast;
  /** See {@link Step}; left out: none. */
  readonly overwrites?: Step['overwrites'];
}

/** Collects what one program is lowered to. */
export class StepList {
  readonly engine: OneDnnEngine;
  readonly program: Program;
  readonly buffers: Buffer[] = [];
  readonly steps: Step[] = [];
  /** Primitives made, to be freed with the executable. */
  readonly primitives: Primitive[] = [];

  constructor(engine: OneDnnEngine, program: Program) {
    this.engine = engine;
    this.program = program;
  }

  /** Dtype and shape of a value of the program. */
  typeOf(value: ValueId): TensorType {
    return this.program.values[value] as TensorType;
  }

  /** Memory of a layout. */
  addBuffer(layout: Layout, home: Home): BufferId {
    return this.buffers.push({ layout, home }) - 1;
  }

  /** Anonymous memory in the arena. */
  temporary(layout: Layout): BufferId {
    return this.addBuffer(layout, { kind: 'arena' });
  }

  /** Makes a primitive for a node. @throws UnsupportedOpError if oneDNN has none, or only one that
   *  is too slow */
  make(node: Node, create: (engine: OneDnnEngine) => Primitive): Primitive {
    try {
      const made = this.keep(create(this.engine));
      refuseSlowCode(this.program, node, made.implementation);
      return made;
    } catch (cause) {
      if (!(cause instanceof NativeError)) throw cause;
      const types = node.inputs.map((value) => formatType(this.typeOf(value))).join(', ');
      throw new UnsupportedOpError(
        `onednn: no implementation of ${node.op} ${JSON.stringify(node.params)} on ${types}: ${cause.message}`,
        { cause },
      );
    }
  }

  /** Frees a primitive with the executable. */
  keep(primitive: Primitive): Primitive {
    this.primitives.push(primitive);
    return primitive;
  }

  /** Adds the step that runs a primitive. */
  run(kind: string, node: Node, primitive: Primitive, memories: Memories): void {
    const { reads, writes, overwrites = [] } = memories;
    const cast = { ...reads, ...writes };
    this.add({
      kind,
      node,
      // A reorder or a copy for the node is none of its arithmetic.
      flops: kind === node.op ? flopsAsRun(this.program, node, primitive.implementation) : 0,
      reads: Object.values(reads) as BufferId[],
      writes: Object.values(writes) as BufferId[],
      overwrites,
      scratchBytes: primitive.bytes('scratchpad'),
      bind: (places) => {
        const addresses = Object.entries(cast).map(([role, buffer]) => [
          role,
          places.address(buffer as BufferId),
        ]);
        const call = primitive.bind({
          ...(Object.fromEntries(addresses) as Partial<Record<Role, bigint>>),
          scratchpad: places.scratch,
        });
        return call.run;
      },
    });
  }

  /** Adds a step; without `flops` it has no arithmetic that counts. */
  add(step: Omit<Step, 'owners' | 'flops'> & { readonly flops?: number }): void {
    this.steps.push({ flops: 0, ...step, owners: new Set(step.node.owners) });
  }
}
