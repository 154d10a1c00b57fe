// Turns one program into steps, value by value: keeps which buffer holds a value in which layout,
// and converts only where layouts differ.
import { assert, UnsupportedOpError } from '../../../base/errors.js';
import type { Node, Program, ValueId } from '../../../program/types.js';
import type { HostTensor } from '../../../tensor/tensor.js';
import type { ElementType, Layout, OneDnnEngine, Primitive } from '../engine.js';
import { hostReader } from './host-reader.js';
import { StepList } from './step-list.js';
import {
  type Buffer,
  type BufferId,
  memoryOf,
  type Places,
  type RunContext,
  type Step,
} from './step.js';

/** Choices that hold for all ops. */
export interface LoweringOptions {
  readonly algorithm: 'direct' | 'auto';
  /** Type of activations, of their gradients and of the weights as convolutions and inner products
   *  read them. */
  readonly activations: 'f32' | 'bf16';
}

/** The state of lowering one entry. Op lowerings (lower-*.ts) call it. */
export class EntryLowering extends StepList {
  readonly options: LoweringOptions;
  readonly #homes = new Map<ValueId, BufferId>();
  readonly #feeds: ReadonlyMap<ValueId, string>;
  readonly #conversions = new Map<string, { buffer: BufferId; step: Step | undefined }>();
  readonly #forward = new Map<ValueId, Forward>();
  readonly #readers: ReadonlyMap<ValueId, readonly Node[]>;
  readonly #outputs: ReadonlySet<ValueId>;

  /** @param slotLayouts layout of every slot of the executable */
  constructor(
    engine: OneDnnEngine,
    program: Program,
    slotLayouts: ReadonlyMap<string, Layout>,
    options: LoweringOptions,
  ) {
    super(engine, program);
    this.options = options;
    this.#feeds = new Map(program.feeds.map(({ name, value }) => [value, name]));
    for (const { name, value } of program.slots) {
      const layout = slotLayouts.get(name);
      assert(layout, `slot ${name} has no layout`);
      this.#homes.set(value, this.addBuffer(layout, { kind: 'slot', name }));
    }
    this.#readers = readersOf(program);
    this.#outputs = new Set(program.outputs.map(({ value }) => value));
  }

  /** Nodes that read a value. */
  readersOf(value: ValueId): readonly Node[] {
    return this.#readers.get(value) ?? [];
  }

  /** True if a value leaves the program as an output or a slot's next value. */
  leaves(value: ValueId): boolean {
    return this.#outputs.has(value) || this.program.slots.some((slot) => slot.next === value);
  }

  /** Row-major layout of a value as the host, the solver and the loss see it: f32 for real
   *  numbers. */
  plain(value: ValueId): Layout {
    const { dtype, shape } = this.typeOf(value);
    const types: Readonly<Record<string, ElementType>> = { f32: 'f32', i32: 's32', u8: 'u8' };
    return this.engine.layout(shape, types[dtype] as ElementType, 'plain');
  }

  /** Row-major layout of an activation, in the activations' type. */
  plainActivation(value: ValueId): Layout {
    return this.engine.layout(this.typeOf(value).shape, this.options.activations, 'plain');
  }

  /** Layout of an activation with the choice left open. */
  any(value: ValueId): Layout {
    return this.engine.layout(this.typeOf(value).shape, this.options.activations, 'any');
  }

  /** Gives a value memory in the arena. */
  define(value: ValueId, layout: Layout): BufferId {
    const buffer = this.addBuffer(layout, { kind: 'arena' });
    this.#homes.set(value, buffer);
    return buffer;
  }

  /** Lets a value live in a buffer's memory under other dims of as many elements, row-major in
   *  both. */
  defineView(value: ValueId, layout: Layout, buffer: BufferId): BufferId {
    const of = memoryOf(this.buffers, buffer);
    const view = this.addBuffer(layout, { kind: 'view', of });
    this.#homes.set(value, view);
    return view;
  }

  /** Lets a value live in a buffer that exists. */
  alias(value: ValueId, buffer: BufferId): void {
    this.#homes.set(value, buffer);
  }

  /** Forgets copies of a buffer in other layouts: its contents are about to change. */
  invalidate(buffer: BufferId): void {
    for (const key of this.#conversions.keys()) {
      if (key.startsWith(`${buffer} `)) this.#conversions.delete(key);
    }
  }

  /** True if a value has memory. */
  isDefined(value: ValueId): boolean {
    return this.#homes.has(value);
  }

  /** The buffer of a value in its own layout; a feed is copied to native memory first. */
  home(value: ValueId, node: Node): BufferId {
    return this.#homes.get(value) ?? this.#copyFeed(value, node);
  }

  /** The layout in which a value lives. */
  layoutOf(value: ValueId, node: Node): Layout {
    return (this.buffers[this.home(value, node)] as Buffer).layout;
  }

  /** The value in `layout`; adds a reorder unless it lies so already. Dims may differ if the
   *  element order is row-major in both. */
  input(value: ValueId, layout: Layout, node: Node): BufferId {
    return this.convert(this.home(value, node), layout, node);
  }

  /** As {@link input}, for a buffer. */
  convert(buffer: BufferId, layout: Layout, node: Node): BufferId {
    const from = (this.buffers[buffer] as Buffer).layout;
    if (from.key === layout.key) return buffer;
    if (!sameDims(from, layout)) return this.#convertThroughPlain(buffer, layout, node);
    return this.derived(buffer, layout.key, node, () => {
      const target = this.temporary(layout);
      const primitive = this.keep(this.engine.reorder(from, layout));
      this.run('reorder', node, primitive, {
        reads: { src: buffer },
        writes: { dst: target },
      });
      return target;
    });
  }

  /** A buffer computed from another by the one step that `make` adds; the same `key` gives the same
   *  buffer, shared by networks. */
  derived(buffer: BufferId, key: string, node: Node, make: () => BufferId): BufferId {
    const known = this.#conversions.get(`${buffer} ${key}`);
    if (known) {
      node.owners.forEach((owner) => known.step?.owners.add(owner));
      return known.buffer;
    }
    const made = make();
    this.#conversions.set(`${buffer} ${key}`, { buffer: made, step: this.steps.at(-1) });
    return made;
  }

  #convertThroughPlain(buffer: BufferId, layout: Layout, node: Node): BufferId {
    const from = (this.buffers[buffer] as Buffer).layout;
    const plainFrom = this.engine.layout(from.dims, layout.type, 'plain');
    const plainTo = this.engine.layout(layout.dims, layout.type, 'plain');
    assert(plainFrom.sizeBytes === plainTo.sizeBytes, `${from.key} cannot become ${layout.key}`);
    const plain = this.convert(buffer, plainFrom, node);
    if (layout.key === plainTo.key) return plain; // same bytes, other dims
    const target = this.temporary(layout);
    const primitive = this.keep(this.engine.reorder(plainTo, layout));
    this.run('reorder', node, primitive, {
      reads: { src: plain },
      writes: { dst: target },
    });
    return target;
  }

  /** Reads a value on the host in a run: a feed as it was fed, anything else through a view of its
   *  row-major memory. */
  hostInput(value: ValueId, node: Node): HostInput {
    const feed = this.#feeds.get(value);
    if (feed !== undefined) {
      return { reads: [], view: () => (context) => (context.feeds[feed] as HostTensor).data };
    }
    const buffer = this.input(value, this.plain(value), node);
    return { reads: [buffer], view: (places) => hostReader(places, buffer, this.typeOf(value)) };
  }

  /** Remembers which forward primitive made `value` or keeps its workspace in it. */
  setForward(value: ValueId, forward: Forward): void {
    this.#forward.set(value, forward);
  }

  /** The forward primitive of `value`, if this program has it. */
  forwardIfAny(value: ValueId): Forward | undefined {
    return this.#forward.get(value);
  }

  /** The forward primitive whose workspace is `value`.
   *  @throws UnsupportedOpError if this program did not make it */
  forwardOf(value: ValueId, node: Node): Forward {
    const forward = this.#forward.get(value);
    if (!forward) {
      throw new UnsupportedOpError(
        `onednn: ${node.op} needs its forward op in the same program: it reads an opaque output of it`,
      );
    }
    return forward;
  }

  #copyFeed(value: ValueId, node: Node): BufferId {
    const feed = this.#feeds.get(value);
    assert(feed !== undefined, `value ${value} has no memory`);
    const buffer = this.define(value, this.plain(value));
    this.add({
      kind: 'copy',
      node: { ...node, owners: this.program.networks.map((_, network) => network) },
      reads: [],
      writes: [buffer],
      overwrites: [],
      scratchBytes: 0,
      bind: (places) => {
        const { dtype } = this.typeOf(value);
        const target = dtype === 'f32' ? places.float32(buffer) : places.int32(buffer);
        return (context) => target.set((context.feeds[feed] as HostTensor).data);
      },
    });
    return buffer;
  }
}

/** A forward op whose backward op must know what it did. */
export interface Forward {
  readonly node: Node;
  readonly primitive: Primitive;
  /** Its workspace, where that is no value of the program. */
  readonly workspace?: BufferId;
  /** True if it did the ReLU after it, and its backward op does that one's too. */
  readonly relu?: boolean;
}

/** How a host op reads an input. */
export interface HostInput {
  readonly reads: readonly BufferId[];
  readonly view: (places: Places) => (context: RunContext) => HostTensor['data'];
}

function sameDims(a: Layout, b: Layout): boolean {
  return a.dims.length === b.dims.length && a.dims.every((size, axis) => size === b.dims[axis]);
}

function readersOf(program: Program): ReadonlyMap<ValueId, readonly Node[]> {
  const readers = new Map<ValueId, Node[]>();
  for (const node of program.nodes) {
    for (const value of new Set(node.inputs)) {
      readers.set(value, [...(readers.get(value) ?? []), node]);
    }
  }
  return readers;
}
